package io.github.lightning4j.nn;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.nn.core.AbstractEmbedding;
import ai.djl.nn.core.AbstractIndexedEmbedding;
import ai.djl.nn.core.ConstantEmbedding;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.GhostBatchNorm;
import ai.djl.nn.recurrent.RecurrentBlock;
import io.github.lightning4j.KnowsFlops;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The floating-point operations of one forward call of a layer, counted as torch's {@code flop_counter} does: a multiply-add is
 * two, and biases, activations, pooling, norms and look-ups are none.
 */
public final class LayerFlops {
    private static final OptionalLong NONE = OptionalLong.of(0);

    /** What DJL calls its own functions. */
    private static final Set<String> FUNCTIONS = Set.of(
            "ReLU",
            "ReLU6",
            "sigmoid",
            "Tanh",
            "softPlus",
            "softSign",
            "LeakyReLU",
            "ELU",
            "SELU",
            "GELU",
            "Swish",
            "Mish",
            "batchFlatten",
            "identity",
            "ones");

    private static final String POOLING = "(global)?([mM]ax|[aA]vg|[lL]p)Pool[123]d";

    private LayerFlops() {}

    /**
     * Counts the operations of a layer that says them, or is one of DJL's own.
     *
     * @param layer the layer, initialised
     * @param inputs the shapes of the inputs, batch dimension included
     * @param outputs the shapes of the outputs
     * @return the count, or nothing for a layer whose inside is not known, containers among them
     */
    public static OptionalLong of(Block layer, List<Shape> inputs, List<Shape> outputs) {
        if (layer instanceof KnowsFlops known) {
            return known.flops(inputs, outputs);
        }
        if (inputs.isEmpty() || outputs.isEmpty()) {
            return OptionalLong.empty();
        }
        if (layer instanceof ai.djl.nn.core.Linear || layer instanceof RecurrentBlock) {
            return OptionalLong.of(applied(rows(inputs.get(0)), parameters(layer)));
        }
        if (layer instanceof Convolution) {
            Shape output = outputs.get(0);
            return OptionalLong.of(applied(output.size() / output.get(1), parameters(layer)));
        }
        return isWithoutProducts(layer) ? NONE : OptionalLong.empty();
    }

    private static Collection<Parameter> parameters(Block layer) {
        return layer.getDirectParameters().values();
    }

    private static boolean isWithoutProducts(Block layer) {
        if (layer instanceof LambdaBlock lambda) {
            return FUNCTIONS.contains(lambda.getName()) || lambda.getName().matches(POOLING);
        }
        return layer instanceof BatchNorm
                || layer instanceof GhostBatchNorm
                || layer instanceof ai.djl.nn.norm.LayerNorm
                || layer instanceof Dropout
                || layer instanceof ConstantEmbedding
                || layer instanceof AbstractIndexedEmbedding
                || layer instanceof AbstractEmbedding;
    }

    /** Vectors in the last axis. */
    static long rows(Shape shape) {
        return shape.size() / shape.get(shape.dimension() - 1);
    }

    /** Each weight meets each of so many vectors once: a multiply-add is two. */
    static long applied(long times, Collection<Parameter> parameters) {
        long weights = 0;
        for (Parameter parameter : parameters) {
            weights += parameter.getType() == Parameter.Type.WEIGHT
                    ? parameter.getShape().size()
                    : 0;
        }
        return 2 * times * weights;
    }
}
