package io.github.lightning4j.summary;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import io.github.lightning4j.ParameterNames;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A layer of a model, as {@link ModelSummary} shows it.
 *
 * @param name path from the module, as {@code net.0}
 * @param type the block's class
 * @param parameters the elements of its parameters, those of its own layers included
 * @param trainable {@code yes}, {@code no}, {@code partly}, or nothing where there are no parameters
 * @param outputShape what comes out, for the input shape it was initialised with, or nothing where that is not known
 */
public record Layer(String name, String type, long parameters, String trainable, String outputShape) {
    /** The layers below a block, each before those below it, after the parameters the block has itself. */
    static List<Layer> below(Block block, int depth) {
        List<Layer> layers = new ArrayList<>();
        if (depth > 0) {
            for (Pair<String, Parameter> own : block.getDirectParameters()) {
                layers.add(of(ParameterNames.leaf(block, own.getKey()), own.getValue()));
            }
        }
        collect(block, "", depth, layers);
        return layers;
    }

    private static Layer of(String name, Parameter parameter) {
        Shape shape = parameter.getShape();
        return new Layer(
                name,
                parameter.requiresGradient() ? "Parameter" : "Buffer",
                shape == null ? 0 : shape.size(),
                parameter.requiresGradient() ? "yes" : "no",
                shape == null ? "" : shape.toString());
    }

    private static void collect(Block block, String path, int depth, List<Layer> layers) {
        if (depth == 0) {
            return;
        }
        ParameterNames.layers(block).forEach((own, layer) -> {
            String name = path + own;
            layers.add(of(name, layer));
            collect(layer, name + ".", depth - 1, layers);
        });
    }

    /**
     * Describes a block.
     *
     * @param name its path from the module
     * @param block the block
     * @return the layer
     */
    public static Layer of(String name, Block block) {
        ParameterTotals totals = ParameterTotals.of(block);
        return new Layer(name, typeOf(block), totals.trainable() + totals.frozen(), trainable(totals), outputOf(block));
    }

    private static String typeOf(Block block) {
        if (block instanceof LambdaBlock lambda && !lambda.getName().equals(LambdaBlock.DEFAULT_NAME)) {
            return lambda.getName();
        }
        String name = block.getClass().getSimpleName();
        return name.isEmpty() ? block.getClass().getSuperclass().getSimpleName() : name;
    }

    private static String trainable(ParameterTotals totals) {
        if (totals.trainable() + totals.frozen() == 0) {
            return "";
        }
        return totals.frozen() == 0 ? "yes" : totals.trainable() == 0 ? "no" : "partly";
    }

    private static String outputOf(Block block) {
        return outputs(block).stream().map(Shape::toString).collect(Collectors.joining(", "));
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
