package io.github.lightning4j.nn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.torch.TorchFunction;

/**
 * Adds a trained row of {@code weight} to each step by its position, as BERT and GPT-2 do with torch's {@code Embedding}
 * of positions, which it starts like: normal with mean 0 and deviation 1.
 *
 * <p>Input and output: (N, L, size), L at most the greatest length.
 */
public final class LearnedPositionalEncoding extends TorchLayer {
    private final int length;
    private final int size;
    private final TorchFunction function = TorchFunction.returning("x, w", "x + w[0:x.size(1)]");

    /**
     * Creates the layer.
     *
     * @param length the greatest number of steps, 1 or more
     * @param size numbers a step, 1 or more
     * @throws io.github.lightning4j.ConfigurationException if one is less
     */
    public LearnedPositionalEncoding(int length, int size) {
        this.length = Require.atLeast(1, length, "length of LearnedPositionalEncoding");
        this.size = Require.atLeast(1, size, "size of LearnedPositionalEncoding");
        parameter("weight", Parameter.Type.WEIGHT, normal(), length, size);
    }

    @Override
    TorchFunction function(NDList inputs, boolean training) {
        Shape shape = inputs.head().getShape();
        require(
                shape.dimension() == 3 && shape.get(1) <= length && shape.get(2) == size,
                inputs.head(),
                "(samples, up to " + length + " steps, " + size + ")");
        return function;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0]};
    }
}
