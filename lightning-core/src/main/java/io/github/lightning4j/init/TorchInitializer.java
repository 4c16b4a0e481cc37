package io.github.lightning4j.init;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.recurrent.RecurrentBlock;
import ai.djl.nn.transformer.IdEmbedding;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.NormalInitializer;

/**
 * The initial values torch gives its layers, for DJL's. A network made this way starts at the very numbers it would have
 * in torch after {@code torch.manual_seed(seed)}.
 *
 * <table>
 * <caption>Distributions, from {@code reset_parameters} of each layer in {@code torch.nn}</caption>
 * <tr><th>block</th><th>weights and biases</th></tr>
 * <tr><td>{@code Linear}, {@code Conv1d} to {@code Conv3d}</td>
 *     <td>uniform in ±1/sqrt(fan_in); fan_in = the weights of one output unit</td></tr>
 * <tr><td>{@code RNN}, {@code LSTM}, {@code GRU}</td><td>uniform in ±1/sqrt(state size)</td></tr>
 * <tr><td>{@code Embedding}, {@code IdEmbedding}</td><td>normal with mean 0 and deviation 1</td></tr>
 * </table>
 *
 * <p>Batch and layer norm start at 1 and 0 in DJL as in torch. Every other block keeps its own initializers. A
 * bidirectional recurrent block has torch's distribution but not its numbers, since DJL orders those parameters
 * differently.
 *
 * <p>The initializer itself serves weights whose first axis counts the output units: DJL's own Kaiming initializers are
 * wider by a factor of sqrt(6) and leave biases at 0.
 */
public final class TorchInitializer implements Initializer {
    private static final Initializer STANDARD_NORMAL = new NormalInitializer(1f);

    /** Creates the initializer of weights. */
    public TorchInitializer() {}

    /**
     * Gives every parameter below a block the initializer torch would use. Call it before the block is initialised;
     * parameters that already have values keep them.
     *
     * @param block the block; its children are visited in the order they were added
     * @param <B> the type of the block
     * @return the same block
     */
    public static <B extends Block> B applyTo(B block) {
        if (block instanceof Linear || block instanceof Convolution) {
            likeItsWeight(block);
        } else if (block instanceof RecurrentBlock) {
            byStateSize(block);
        } else if (block instanceof Embedding || block instanceof IdEmbedding) {
            setAll(block, STANDARD_NORMAL);
        }
        for (Block child : block.getChildren().values()) {
            applyTo(child);
        }
        return block;
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

    private static void likeItsWeight(Block layer) {
        Parameter weight = layer.getDirectParameters().get("weight");
        setAll(layer, (manager, shape, dataType) -> uniform(manager, shape, dataType, fanIn(weight.getShape())));
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
        float bound = (float) (1 / Math.sqrt((double) fanIn));
        return manager.randomUniform(-bound, bound, shape, dataType);
    }
}
