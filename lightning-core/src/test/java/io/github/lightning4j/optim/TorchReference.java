package io.github.lightning4j.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;

/** What torch computed: a file of parameters, gradients, and the trajectories of optimizers and schedules over them. */
public final class TorchReference {
    private static final Map<String, TorchReference> LOADED = new ConcurrentHashMap<>();

    private final JsonObject root;

    private TorchReference(JsonObject root) {
        this.root = root;
    }

    /**
     * Reads a file of the test resources.
     *
     * @param name its name in the folder {@code optim}
     * @return the reference
     */
    public static TorchReference load(String name) {
        return LOADED.computeIfAbsent(name, TorchReference::read);
    }

    private static TorchReference read(String name) {
        try (InputStream stream = TorchReference.class.getResourceAsStream("/optim/" + name)) {
            return new TorchReference(JsonParser.parseReader(new InputStreamReader(stream, StandardCharsets.UTF_8))
                    .getAsJsonObject());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A section of the file.
     *
     * @param name its key
     * @return the section
     */
    public JsonObject section(String name) {
        return root.getAsJsonObject(name);
    }

    /**
     * A list of the file.
     *
     * @param name its key
     * @return the list
     */
    public JsonArray list(String name) {
        return root.getAsJsonArray(name);
    }

    /**
     * Numbers of the file.
     *
     * @param name their key
     * @return the numbers
     */
    public double[] numbers(String name) {
        return doubles(root.get(name));
    }

    /**
     * A number of the file.
     *
     * @param name its key
     * @return the number
     */
    public double number(String name) {
        return root.get(name).getAsDouble();
    }

    List<NDArray> parameters(NDManager manager, DataType type) {
        return arrays(manager, type, root.getAsJsonArray("params"));
    }

    List<NDArray> gradients(NDManager manager, DataType type, int step) {
        return arrays(manager, type, root.getAsJsonArray("grads").get(step).getAsJsonArray());
    }

    private static List<NDArray> arrays(NDManager manager, DataType type, JsonArray values) {
        List<NDArray> result = new ArrayList<>();
        for (JsonElement value : values) {
            try (NDArray flat = manager.create(doubles(value)).reshape(new Shape(shape(value)))) {
                result.add(flat.toType(type, true));
            }
        }
        return result;
    }

    /** The numbers of nested lists, in order. */
    public static double[] doubles(JsonElement value) {
        return flatten(value).stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static List<Double> flatten(JsonElement value) {
        if (!value.isJsonArray()) {
            return List.of(value.getAsDouble());
        }
        return StreamSupport.stream(value.getAsJsonArray().spliterator(), false)
                .flatMap(element -> flatten(element).stream())
                .toList();
    }

    private static long[] shape(JsonElement value) {
        List<Long> shape = new ArrayList<>();
        for (JsonElement inner = value;
                inner.isJsonArray();
                inner = inner.getAsJsonArray().get(0)) {
            shape.add((long) inner.getAsJsonArray().size());
        }
        return shape.stream().mapToLong(Long::longValue).toArray();
    }
}
