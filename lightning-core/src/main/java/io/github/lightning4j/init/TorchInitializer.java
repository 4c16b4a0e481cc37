package io.github.lightning4j.init;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.nn.convolutional.Deconvolution;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.core.LinearCollection;
import ai.djl.nn.core.Prelu;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.recurrent.RecurrentBlock;
import ai.djl.nn.transformer.IdEmbedding;
import ai.djl.nn.transformer.ScaledDotProductAttentionBlock;
import ai.djl.training.initializer.ConstantInitializer;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.util.Pair;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.internal.name.ClassName;
import java.util.function.ToLongFunction;

/**
 * The initial values torch gives its layers, for DJL's. A network made this way starts at the very numbers it would have
 * in torch after {@code torch.manual_seed(seed)}.
 *
 * <table>
 * <caption>Distributions, from {@code reset_parameters} of each layer in {@code torch.nn}</caption>
 * <tr><th>block</th><th>weights and biases</th></tr>
 * <tr><td>{@code Linear}, {@code Conv1d} to {@code Conv3d}</td>
 *     <td>uniform in ±1/sqrt(fan_in); fan_in = the weights of one output unit</td></tr>
 * <tr><td>{@code LinearCollection}</td><td>uniform in ±1/sqrt(inputs), as so many linear layers</td></tr>
 * <tr><td>{@code RNN}, {@code LSTM}, {@code GRU}</td><td>uniform in ±1/sqrt(state size)</td></tr>
 * <tr><td>{@code Embedding}, {@code IdEmbedding}</td><td>normal with mean 0 and deviation 1</td></tr>
 * <tr><td>{@code ScaledDotProductAttentionBlock}</td>
 *     <td>as {@code MultiheadAttention}: keys, queries and values by Xavier's rule, biases 0</td></tr>
 * <tr><td>{@code Prelu}</td><td>0.25</td></tr>
 * </table>
 *
 * <p>Batch and layer norm start at 1 and 0 in DJL as in torch. Blocks of your own keep their own
 * initializers; a layer of DJL that has no like in torch is refused. A
 * bidirectional recurrent block has torch's distribution but not its numbers, since DJL orders those parameters
 * differently.
 *
 * <p>The initializer itself serves weights whose first axis counts the output units: DJL's own Kaiming initializers are
 * wider by a factor of sqrt(6) and leave biases at 0.
 */
public final class TorchInitializer implements Initializer {
    private static final Initializer STANDARD_NORMAL = new NormalInitializer(1f);
    private static final float PRELU_SLOPE = 0.25f;

    /** Creates the initializer of weights. */
    public TorchInitializer() {}

    /**
     * Gives every parameter below a block the initializer torch would use. Call it before the block is initialised;
     * parameters that already have values keep them.
     *
     * @param block the block; its children are visited in the order they were added
     * @param <B> the type of the block
     * @return the same block
     * @throws ConfigurationException for a layer of DJL with parameters of which torch has no like, and for transposed
     *     convolutions, which DJL cannot run on PyTorch
     */
    public static <B extends Block> B applyTo(B block) {
        if (block instanceof ScaledDotProductAttentionBlock) {
            likeMultiheadAttention(block);
            return block;
        }
        setDirect(block);
        for (Block child : block.getChildren().values()) {
            applyTo(child);
        }
        return block;
    }

    private static void setDirect(Block block) {
        if (block instanceof Linear || block instanceof Convolution) {
            likeItsWeight(block, TorchInitializer::fanIn);
        } else if (block instanceof LinearCollection) {
            likeItsWeight(block, weight -> weight.get(weight.dimension() - 2));
        } else if (block instanceof RecurrentBlock) {
            byStateSize(block);
        } else if (block instanceof Embedding || block instanceof IdEmbedding) {
            setAll(block, STANDARD_NORMAL);
        } else if (block instanceof Prelu) {
            setAll(block, new ConstantInitializer(PRELU_SLOPE));
        } else if (!(block instanceof BatchNorm || block instanceof LayerNorm)) {
            refuseUnknownOfDjl(block);
        }
    }

    private static void refuseUnknownOfDjl(Block block) {
        boolean ofDjl = block.getClass().getName().startsWith("ai.djl.nn.");
        if (ofDjl && !block.getDirectParameters().isEmpty()) {
            String what = ClassName.of(block);
            throw new ConfigurationException("TorchInitializer has no initial values for the parameters "
                    + block.getDirectParameters().keys() + " of " + what + ": "
                    + (block instanceof Deconvolution
                            ? "DJL cannot run transposed convolutions on PyTorch. Use those of io.github.lightning4j.nn."
                            : "torch.nn has no such layer. Call applyTo for the other layers alone, and setInitializer for"
                                    + " this one."));
        }
    }

    /** Three projections drawn as one matrix of (3 E, E) by Xavier's rule, the last as any linear layer, no bias at first. */
    private static void likeMultiheadAttention(Block attention) {
        for (Pair<String, Block> child : attention.getChildren()) {
            Block projection = child.getValue();
            if (child.getKey().endsWith("resultProjection")) {
                applyTo(projection);
            } else {
                setAll(
                        projection,
                        (manager, shape, dataType) ->
                                uniform(manager, shape, dataType, Math.sqrt(6.0 / (3 * shape.get(0) + shape.get(1)))));
            }
            projection.setInitializer(Initializer.ZEROS, Parameter.Type.BIAS);
        }
    }

    /**
     * Draws the weights of a linear or convolutional layer.
     *
     * @param manager the owner of the array
     * @param shape (output units, inputs of a unit...), two axes at least
     * @param dataType a floating point type
     * @return uniform in ±1/sqrt(inputs of a unit)
     * @throws IllegalArgumentException if the shape has fewer than two axes, so that nothing tells the number of inputs
     */
    @Override
    public NDArray initialize(NDManager manager, Shape shape, DataType dataType) {
        return uniform(manager, shape, dataType, fanIn(shape));
    }

    private static void likeItsWeight(Block layer, ToLongFunction<Shape> fanIn) {
        Parameter weight = layer.getDirectParameters().get("weight");
        setAll(
                layer,
                (manager, shape, dataType) -> uniform(manager, shape, dataType, fanIn.applyAsLong(weight.getShape())));
    }

    private static void byStateSize(Block layer) {
        Parameter hiddenToHidden = layer.getDirectParameters().get("l_0_h2h_WEIGHT");
        setAll(
                layer,
                (manager, shape, dataType) -> uniform(
                        manager, shape, dataType, hiddenToHidden.getShape().get(1)));
    }

    private static void setAll(Block layer, Initializer initializer) {
        for (Parameter parameter : layer.getDirectParameters().values()) {
            parameter.setInitializer(initializer);
        }
    }

    private static long fanIn(Shape weight) {
        if (weight.dimension() < 2) {
            throw new IllegalArgumentException(
                    "The shape " + weight + " does not tell how many inputs a unit has;"
                            + " TorchInitializer needs a weight of two axes or more. For biases use TorchInitializer.applyTo(block).");
        }
        return weight.slice(1).size();
    }

    private static NDArray uniform(NDManager manager, Shape shape, DataType dataType, long fanIn) {
        return uniform(manager, shape, dataType, 1 / Math.sqrt((double) fanIn));
    }

    private static NDArray uniform(NDManager manager, Shape shape, DataType dataType, double bound) {
        return manager.randomUniform((float) -bound, (float) bound, shape, dataType);
    }
}
