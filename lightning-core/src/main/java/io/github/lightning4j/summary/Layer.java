package io.github.lightning4j.summary;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A layer of a model, as {@link ModelSummary} shows it.
 *
 * @param name path from the module, as {@code net.0}; of the module's own parameters {@code other params}
 * @param type the block's class, or {@code as net.0} for a layer that is also in another place and described there
 * @param parameters the elements of its parameters, those of its own layers included and buffers left out
 * @param trainable {@code yes}, {@code no}, {@code partly}, or nothing where there are no parameters
 * @param mode {@code train}, or {@code eval} for a layer that evaluates in training steps, since it is frozen or within one that is;
 *     nothing where there is no layer of its own
 * @param inputs the shapes of the inputs of its first call, or none where it was not seen
 * @param outputs the shapes of the outputs of its first call; without a forward pass what the layer says for the input shapes it
 *     was initialised with; none where that is not known
 * @param flops the operations of all its calls in one forward pass, or null where none was seen
 */
public record Layer(
        String name,
        String type,
        long parameters,
        String trainable,
        String mode,
        List<Shape> inputs,
        List<Shape> outputs,
        @Nullable Flops flops) {

    /**
     * Describes a block.
     *
     * @param name its path from the module
     * @param block the block
     * @return the layer, its outputs as it says them itself
     */
    public static Layer of(String name, Block block) {
        return of(name, block, "train");
    }

    static Layer of(String name, Block block, String mode) {
        ParameterTotals totals = ParameterTotals.of(block);
        return new Layer(name, typeOf(block), totals.total(), trainable(totals), mode, List.of(), outputs(block), null);
    }

    static Layer repeated(String name, String first) {
        return new Layer(name, "as " + first, 0, "", "", List.of(), List.of(), null);
    }

    static Layer others(ParameterTotals totals) {
        return new Layer(
                "other params", "Parameter", totals.total(), trainable(totals), "", List.of(), List.of(), null);
    }

    /** With what calls of it have shown, if there were any. */
    Layer called(List<LayerCall> calls) {
        List<Shape> in = calls.isEmpty() ? List.of() : calls.get(0).inputs();
        List<Shape> out = calls.isEmpty() ? List.of() : calls.get(0).outputs();
        Flops all = calls.isEmpty()
                ? null
                : Flops.sum(calls.stream().map(LayerCall::flops).toList());
        return new Layer(name, type, parameters, trainable, mode, in, out, all);
    }

    private static String typeOf(Block block) {
        if (block instanceof LambdaBlock lambda && !lambda.getName().equals(LambdaBlock.DEFAULT_NAME)) {
            return lambda.getName();
        }
        String name = block.getClass().getSimpleName();
        return name.isEmpty() ? block.getClass().getSuperclass().getSimpleName() : name;
    }

    private static String trainable(ParameterTotals totals) {
        if (totals.total() == 0) {
            return "";
        }
        return totals.frozen() == 0 ? "yes" : totals.trainable() == 0 ? "no" : "partly";
    }

    /**
     * What comes out of a block, for the input shape it was initialised with.
     *
     * @param block the block
     * @return a shape for each output, or none where that is not known
     */
    public static List<Shape> outputs(Block block) {
        for (Parameter parameter : block.getParameters().values()) {
            if (!parameter.isInitialized()) {
                return List.of();
            }
        }
        try {
            return List.of(block.getOutputShapes(block.getInputShapes()));
        } catch (RuntimeException e) {
            return List.of(); // a block that does not know throws whatever it likes
        }
    }
}
