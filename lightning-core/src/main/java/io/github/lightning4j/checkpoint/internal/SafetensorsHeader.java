package io.github.lightning4j.checkpoint.internal;

import ai.djl.ndarray.types.Shape;
import com.google.gson.stream.MalformedJsonException;
import io.github.lightning4j.internal.io.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The JSON header of a safetensors file, read with distrust: types, shapes, sizes and offsets are checked against each
 * other and against the size of the data, so that what comes after may rely on them.
 *
 * @param metadata the entries of {@code __metadata__}
 * @param tensors the tensors by name, in the order of their data
 */
public record SafetensorsHeader(Map<String, String> metadata, Map<String, TensorEntry> tensors) {
    static final String METADATA = "__metadata__";
    /** As the reference implementation. */
    static final int MOST_BYTES = 100_000_000;
    /** libtorch's own limit. */
    private static final int MOST_DIMENSIONS = 64;

    /**
     * Parses a header.
     *
     * @param json the header's bytes
     * @param dataBytes the size of the data section behind it
     * @throws IOException if it is not a sound header; the message says why
     */
    public static SafetensorsHeader parse(ByteBuffer json, long dataBytes) throws IOException {
        Map<String, Object> root = Json.parse(decode(json));
        Map<String, String> metadata = new TreeMap<>();
        List<TensorEntry> tensors = new ArrayList<>();
        for (Map.Entry<String, Object> entry : root.entrySet()) {
            Map<?, ?> object = map(entry.getKey(), entry.getValue());
            if (entry.getKey().equals(METADATA)) {
                for (Map.Entry<?, ?> text : object.entrySet()) {
                    if (!(text.getValue() instanceof String value)) {
                        throw new MalformedJsonException("metadata '" + text.getKey() + "' is not a string");
                    }
                    metadata.put((String) text.getKey(), value);
                }
            } else {
                tensors.add(tensor(entry.getKey(), object));
            }
        }
        return new SafetensorsHeader(metadata, inOrder(tensors, dataBytes));
    }

    private static String decode(ByteBuffer json) throws IOException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(json).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedJsonException("the header is not UTF-8", e);
        }
    }

    private static TensorEntry tensor(String name, Map<?, ?> object) throws IOException {
        String typeName = object.get("dtype") instanceof String text ? text : "(none)";
        TensorType type = TensorType.named(typeName);
        if (type == null) {
            throw new UnsupportedTypeException("tensor '" + name + "' has dtype " + typeName
                    + ", which cannot be read. Readable are " + TensorType.readable() + "; convert it first");
        }
        long[] dimensions = longs(name, "shape", object.get("shape"));
        long[] offsets = longs(name, "data_offsets", object.get("data_offsets"));
        if (offsets.length != 2 || offsets[0] > offsets[1]) {
            throw new MalformedJsonException("tensor '" + name + "' has no valid data_offsets");
        }
        if (offsets[1] - offsets[0] != size(name, type, dimensions)) {
            throw new MalformedJsonException("tensor '" + name + "' takes " + (offsets[1] - offsets[0])
                    + " bytes, which is not the size of " + type + " " + new Shape(dimensions));
        }
        return new TensorEntry(name, type, new Shape(dimensions), offsets[0], offsets[1]);
    }

    private static long size(String name, TensorType type, long[] dimensions) throws IOException {
        if (dimensions.length > MOST_DIMENSIONS) {
            throw new MalformedJsonException("tensor '" + name + "' has " + dimensions.length + " dimensions");
        }
        try {
            long strides = type.bytes();
            boolean empty = false;
            for (long dimension : dimensions) {
                empty |= dimension == 0;
                strides = Math.multiplyExact(strides, Math.max(1, dimension));
            }
            return empty ? 0 : strides;
        } catch (ArithmeticException e) {
            throw new MalformedJsonException("tensor '" + name + "' has an impossible shape", e);
        }
    }

    /** The data must be covered from its first byte to its last, without a gap and without an overlap. */
    private static Map<String, TensorEntry> inOrder(List<TensorEntry> tensors, long dataBytes) throws IOException {
        tensors.sort(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end));
        Map<String, TensorEntry> ordered = new LinkedHashMap<>();
        long end = 0;
        for (TensorEntry tensor : tensors) {
            if (tensor.begin() != end) {
                throw new MalformedJsonException("tensor '" + tensor.name() + "' begins at byte " + tensor.begin()
                        + " of the data, but the one before it ends at " + end);
            }
            end = tensor.end();
            ordered.put(tensor.name(), tensor);
        }
        if (end != dataBytes) {
            throw new MalformedJsonException(
                    "the header describes " + end + " bytes of data, but the file holds " + dataBytes);
        }
        return ordered;
    }

    private static Map<?, ?> map(String name, Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new MalformedJsonException("'" + name + "' is not an object");
    }

    private static long[] longs(String name, String key, @Nullable Object value) throws IOException {
        if (!(value instanceof List<?> list)) {
            throw new MalformedJsonException("tensor '" + name + "' has no " + key);
        }
        long[] numbers = new long[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!(list.get(i) instanceof Long number) || number < 0) {
                throw new MalformedJsonException("tensor '" + name + "' has an invalid " + key);
            }
            numbers[i] = number;
        }
        return numbers;
    }

    /** The file is sound but holds a dtype that libtorch must not be asked for. */
    static final class UnsupportedTypeException extends IOException {
        private static final long serialVersionUID = 1L;

        UnsupportedTypeException(String message) {
            super(message);
        }
    }
}
