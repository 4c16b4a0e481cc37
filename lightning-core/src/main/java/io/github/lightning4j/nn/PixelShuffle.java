package io.github.lightning4j.nn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.torch.TorchFunction;

/**
 * torch's {@code PixelShuffle}: channels become pixels (Shi et al. 2016).
 *
 * <p>Input: (N, C * factor^2, H, W); output: (N, C, H * factor, W * factor).
 */
public final class PixelShuffle extends TorchLayer {
    private final int factor;
    private final TorchFunction function;

    /**
     * Creates the layer.
     *
     * @param factor by which images grow, 1 or more
     * @throws io.github.lightning4j.ConfigurationException if it is less
     */
    public PixelShuffle(int factor) {
        this.factor = Require.atLeast(1, factor, "factor of PixelShuffle");
        function = TorchFunction.returning("x", "torch.pixel_shuffle(x, " + factor + ")");
    }

    @Override
    TorchFunction function(NDList inputs, boolean training) {
        Shape shape = inputs.head().getShape();
        int square = factor * factor;
        require(
                shape.dimension() == 4 && shape.get(1) % square == 0,
                inputs.head(),
                "(samples, a multiple of " + square + " channels, height, width)");
        return function;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape shape = inputShapes[0];
        return new Shape[] {
            new Shape(
                    shape.get(0), shape.get(1) / ((long) factor * factor), shape.get(2) * factor, shape.get(3) * factor)
        };
    }
}
