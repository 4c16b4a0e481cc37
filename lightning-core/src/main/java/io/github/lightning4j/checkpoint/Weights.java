package io.github.lightning4j.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBaseBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.ModuleBlock;
import io.github.lightning4j.ParameterNames;
import io.github.lightning4j.checkpoint.internal.CheckpointFile;
import io.github.lightning4j.checkpoint.internal.Document;
import io.github.lightning4j.checkpoint.internal.SafetensorsWriter;
import io.github.lightning4j.checkpoint.internal.SavedTensor;
import io.github.lightning4j.checkpoint.internal.SavedWeights;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.TensorBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The parameters and buffers of a block, named by their paths ({@code net.0.weight}) as {@link ParameterNames} says; one
 * that is used in several places counts once, under its first name.
 */
public final class Weights {
    static final String MODEL = "model";
    private static final String INPUT_SHAPES = "input_shapes";

    private Weights() {}

    /**
     * Adds all weights to a state, under {@code model/}, and beside them the input shapes from which a new block can be initialised.
     *
     * @param block an initialised block
     * @param root the root of the tree
     * @throws ConfigurationException if a parameter has no values
     */
    public static void save(Block block, StateTreeWriter root) {
        requireValues(block);
        StateTreeWriter model = root.child(MODEL);
        parameters(block).forEach((name, parameter) -> model.putTensor(name, parameter.getArray()));
        if (block instanceof AbstractBaseBlock base && block.isInitialized()) {
            StateTreeWriter inputs = root.child(INPUT_SHAPES);
            Shape[] shapes = base.getInputShapes();
            for (int i = 0; i < shapes.length; i++) {
                inputs.putLongs(Integer.toString(i), shapes[i].getShape());
            }
        }
    }

    /**
     * Overwrites all weights in place with those of a state. A block that is not initialised yet is initialised first.
     *
     * @param block the block
     * @param root the root of the state
     * @throws CheckpointException naming everything that does not match; the weights are then as they were
     */
    public static void restore(Block block, StateTreeReader root) {
        WeightsMatch match = match(block, root, root.child(MODEL));
        match.requireExact();
        match.apply();
    }

    /** Compares; {@code root} holds the input shapes, if anything does. */
    static WeightsMatch match(Block block, StateTreeReader root, StateTreeReader model) {
        initialize(block, root, model);
        return WeightsMatch.of(block, saved(model));
    }

    /** Makes the parameters that do not exist yet; {@code root} holds the input shapes, if anything does. */
    static void initialize(Block block, StateTreeReader root, StateTreeReader model) {
        initialize(block, model, shapes(root, model));
    }

    private static SavedWeights saved(StateTreeReader model) {
        Map<String, SavedTensor> tensors = new TreeMap<>();
        for (String name : model.tensorNames()) {
            tensors.put(name, SavedTensor.asStored(model.tensor(name)).named(name));
        }
        return new SavedWeights(model.description(), tensors, model::copyTo);
    }

    private static void initialize(Block block, StateTreeReader model, long[][] shapes) {
        ParameterNames names = new ParameterNames(block);
        if (names.parameters().values().stream().allMatch(Parameter::isInitialized)) {
            return;
        }
        if (shapes.length == 0) {
            throw new CheckpointException("The parameters of " + ClassName.of(block)
                    + " do not exist yet, and the file does not say its input shapes. Initialise it first:"
                    + " initialize(device, dataType, inputShape).");
        }
        Shape[] inputs = new Shape[shapes.length];
        for (int i = 0; i < shapes.length; i++) {
            inputs[i] = new Shape(shapes[i]);
        }
        DataType dataType = dataType(model, names);
        if (block instanceof ModuleBlock module) {
            module.initialize(Device.cpu(), dataType, inputs);
        } else {
            MemoryScope.outside(() -> {
                block.initialize(NDManager.newBaseManager(Device.cpu(), "PyTorch"), dataType, inputs);
                return block;
            });
        }
    }

    /** Earlier versions had them among the weights. */
    private static long[][] shapes(StateTreeReader root, StateTreeReader model) {
        StateTreeReader owner = root.hasValuesBelow(INPUT_SHAPES) ? root : model;
        return owner.hasValuesBelow(INPUT_SHAPES) ? shapes(owner.child(INPUT_SHAPES)) : new long[0][];
    }

    private static long[][] shapes(StateTreeReader inputs) {
        long[][] shapes = new long[inputs.keys().size()][];
        for (int i = 0; i < shapes.length; i++) {
            shapes[i] = inputs.getLongs(Integer.toString(i));
        }
        return shapes;
    }

    private static DataType dataType(StateTreeReader model, ParameterNames names) {
        return model.tensorNames().stream()
                .filter(saved -> isToBeMade(names.find(saved)))
                .map(saved -> model.tensor(saved).type().dataType())
                .findFirst()
                .orElse(DataType.FLOAT32);
    }

    private static boolean isToBeMade(@Nullable Parameter parameter) {
        return parameter != null && !parameter.isInitialized();
    }

    /**
     * Writes all weights into a safetensors file under the names torch has for them, so that Python's {@code
     * module.load_state_dict(safetensors.torch.load_file(file))} takes them for a network of the same structure and names.
     * {@link Checkpoint#openWeights} reads it back. What is tied is written under each of its names, as in torch's
     * {@code state_dict}.
     *
     * @param block an initialised module, or any block; it is not changed
     * @param file where to; replaced in one go if it exists
     * @throws ConfigurationException if a parameter has no values
     * @throws CheckpointException if a weight has a dtype that safetensors has not, or the file cannot be written
     */
    public static void exportTorch(Block block, Path file) {
        requireValues(block);
        Map<String, NDArray> arrays = new TreeMap<>();
        ParameterNames names = new ParameterNames(block);
        names.parameters().forEach((name, parameter) -> arrays.put(name, parameter.getArray()));
        names.further().forEach((name, parameter) -> arrays.put(name, parameter.getArray()));
        CheckpointFile.write(file, new SafetensorsWriter(Map.of(), arrays)::writeTo);
    }

    private static void requireValues(Block block) {
        for (Map.Entry<String, Parameter> each : parameters(block).entrySet()) {
            if (!each.getValue().isInitialized()) {
                throw new ConfigurationException("The parameter '" + each.getKey() + "' of " + ClassName.of(block)
                        + " has no values: the module was closed, or was never initialised. Do this before close(), and"
                        + " after a fit or initialize(...).");
            }
        }
    }

    /**
     * Every parameter and buffer once.
     *
     * @param block the block
     * @return name and parameter, in the order of the layers
     */
    public static Map<String, Parameter> parameters(Block block) {
        return new ParameterNames(block).parameters();
    }

    /** By DJL's own names, as in format 1. */
    private static Map<String, Parameter> parametersOfDjl(Block block) {
        Map<String, Parameter> parameters = new TreeMap<>();
        Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Pair<String, Parameter> pair : block.getParameters()) {
            if (seen.add(pair.getValue())) {
                parameters.put(pair.getKey(), pair.getValue());
            }
        }
        return parameters;
    }

    /**
     * The SHA-256 over every parameter and buffer in the order of their names in DJL's parameter list ({@code
     * 01net_01Linear_weight}), so that it stays what it was before parameters were named by their paths: that name in UTF-8
     * and a zero byte, the dtype as {@code float32} and a zero byte, the shape as {@code (2, 3)} and a zero byte, and the
     * elements in row-major order, little-endian.
     *
     * @param block an initialised block
     * @return 64 hexadecimal digits, lower case
     * @throws ConfigurationException if a parameter has no values
     */
    public static String sha256(Block block) {
        requireValues(block);
        MessageDigest sha = Document.sha256();
        parametersOfDjl(block).forEach((name, parameter) -> {
            NDArray array = parameter.getArray();
            String head = name + '\0' + array.getDataType() + '\0' + array.getShape() + '\0';
            sha.update(head.getBytes(StandardCharsets.UTF_8));
            try {
                TensorBytes.read(array, sha::update);
            } catch (IOException e) {
                throw new IllegalStateException("reading memory does not fail", e);
            }
        });
        return HexFormat.of().formatHex(sha.digest());
    }
}
