package io.github.lightning4j.nn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.ConstantInitializer;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.torch.TorchFunction;

/**
 * torch's {@code PReLU}: {@code x} where it is positive, {@code weight * x} elsewhere, with a weight that starts at 0.25 (He
 * et al. 2015).
 *
 * <p>Input and output: any shape; with several weights (N, channels, ...).
 */
public final class PReLU extends TorchLayer {
    private final int channels;
    private final TorchFunction function = TorchFunction.returning("x, w", "torch.prelu(x, w)");

    /** Creates the layer with one weight for all channels. */
    public PReLU() {
        this(1);
    }

    /**
     * Creates the layer.
     *
     * @param channels how many weights: one for each channel, or 1 for all
     * @throws io.github.lightning4j.ConfigurationException if it is less than 1
     */
    public PReLU(int channels) {
        this.channels = Require.atLeast(1, channels, "channels of PReLU");
        parameter("weight", Parameter.Type.WEIGHT, new ConstantInitializer(0.25f), channels);
    }

    @Override
    TorchFunction function(NDList inputs, boolean training) {
        Shape shape = inputs.head().getShape();
        require(
                channels == 1 || shape.dimension() >= 2 && shape.get(1) == channels,
                inputs.head(),
                "(samples, " + channels + " channels, ...)");
        return function;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0]};
    }
}
