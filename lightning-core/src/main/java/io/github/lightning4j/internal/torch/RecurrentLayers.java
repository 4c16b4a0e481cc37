package io.github.lightning4j.internal.torch;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.BlockList;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.recurrent.RecurrentBlock;
import io.github.lightning4j.internal.name.ClassName;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/**
 * How DJL's recurrent layers read memory that is not theirs: the states they begin with are compared with the input neither
 * by DJL nor by libtorch, and those of a smaller batch are read beyond their end; and a bidirectional layer with biases hands
 * over the weights of both directions before the biases, where libtorch takes the second weights for biases of the first.
 */
public final class RecurrentLayers {
    private static final Field BATCH_FIRST = field("batchFirst");
    private static final Field BIDIRECTIONAL = field("bidirectional");
    private static final Field BIASES = field("hasBiases");
    private static final Field LAYERS = field("numLayers");
    private static final Field STATE_SIZE = field("stateSize");

    private RecurrentLayers() {}

    /**
     * Compares the states among a layer's inputs with what they must be.
     *
     * @param layer any layer; recurrent ones that are given the inputs as they are, alone, at the head of a sequence or
     *     side by side, are looked at
     * @param inputs its inputs
     * @return what does not fit, or null if all does
     */
    public static @Nullable String misfit(Block layer, NDList inputs) {
        if (layer instanceof RecurrentBlock recurrent) {
            Shape input = inputs.head().getShape();
            return input.dimension() == 3 ? misfit(recurrent, input, inputs) : null;
        }
        if (layer instanceof SequentialBlock && !layer.getChildren().isEmpty()) {
            return misfit(layer.getChildren().valueAt(0), inputs);
        }
        return layer instanceof ParallelBlock ? misfitOfOne(layer.getChildren(), inputs) : null;
    }

    private static @Nullable String misfitOfOne(BlockList sideBySide, NDList inputs) {
        for (Block layer : sideBySide.values()) {
            String found = misfit(layer, inputs);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /**
     * Whether a sequence hands a recurrent layer what another of its members made.
     *
     * @param layer any layer
     * @return true for a sequence with a recurrent layer behind its first member, however deep
     */
    public static boolean hasOneBehind(Block layer) {
        if (!(layer instanceof SequentialBlock)) {
            return false;
        }
        BlockList members = layer.getChildren();
        for (int i = 0; i < members.size(); i++) {
            Block member = members.valueAt(i);
            if (i == 0 ? hasOneBehind(member) : hasOne(member)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasOne(Block tree) {
        return tree instanceof RecurrentBlock
                || tree.getChildren().values().stream().anyMatch(RecurrentLayers::hasOne);
    }

    /** Whether DJL cannot run a layer. */
    static boolean isUnusable(Block layer) {
        return layer instanceof RecurrentBlock && isOn(BIDIRECTIONAL, layer) && isOn(BIASES, layer);
    }

    private static @Nullable String misfit(RecurrentBlock layer, Shape input, NDList inputs) {
        long rows = number(LAYERS, layer) * (isOn(BIDIRECTIONAL, layer) ? 2 : 1);
        long samples = input.get(isOn(BATCH_FIRST, layer) ? 0 : 1);
        Shape expected = new Shape(rows, samples, number(STATE_SIZE, layer));
        for (int i = 1; i < inputs.size(); i++) {
            Shape state = inputs.get(i).getShape();
            if (!state.equals(expected)) {
                return ClassName.of(layer) + " got a state of shape " + state + " with an input of shape "
                        + input + ", but it must be " + expected
                        + ": layers times directions, samples of the batch, state size";
            }
        }
        return null;
    }

    private static boolean isOn(Field field, Block layer) {
        try {
            return field.getBoolean(layer);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("DJL's RecurrentBlock cannot be looked into", e);
        }
    }

    private static long number(Field field, Block layer) {
        try {
            return field.getLong(layer);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("DJL's RecurrentBlock cannot be looked into", e);
        }
    }

    private static Field field(String name) {
        try {
            Field field = RecurrentBlock.class.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("DJL's RecurrentBlock has no field " + name, e);
        }
    }
}
