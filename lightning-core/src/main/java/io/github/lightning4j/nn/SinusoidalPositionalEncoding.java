package io.github.lightning4j.nn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.torch.TorchFunction;

/**
 * Adds sines and cosines of the position to each step (Vaswani et al. 2017), as PyTorch's tutorials do: at position p {@code
 * sin(p / 10000^(2i / size))} to number 2i and the cosine of it to number 2i + 1. It has no parameters and no greatest
 * length.
 *
 * <p>Input and output: (N, L, size).
 */
public final class SinusoidalPositionalEncoding extends TorchLayer {
    private final int size;
    private final TorchFunction function;

    /**
     * Creates the layer.
     *
     * @param size numbers a step, 1 or more
     * @throws io.github.lightning4j.ConfigurationException if it is less
     */
    public SinusoidalPositionalEncoding(int size) {
        this.size = Require.atLeast(1, size, "size of SinusoidalPositionalEncoding");
        function = TorchFunction.of("x", """
                at = torch.unsqueeze(torch.arange(x.size(1), dtype=7, device=x.device), 1)
                angle = at * torch.exp(torch.arange(0, SIZE, 2, dtype=7, device=x.device) * RATE)
                code = torch.flatten(torch.stack([torch.sin(angle), torch.cos(angle)], -1), 1)[:, 0:SIZE]
                return x + code.to(dtype=x.dtype)""".replace("SIZE", Integer.toString(size))
                .replace("RATE", Double.toString(-Math.log(10000) / size)));
    }

    @Override
    TorchFunction function(NDList inputs, boolean training) {
        Shape shape = inputs.head().getShape();
        require(shape.dimension() == 3 && shape.get(2) == size, inputs.head(), "(samples, steps, " + size + ")");
        return function;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0]};
    }
}
