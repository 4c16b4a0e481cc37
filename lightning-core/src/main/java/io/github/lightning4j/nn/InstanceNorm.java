package io.github.lightning4j.nn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.torch.TorchFunction;

/**
 * torch's {@code InstanceNorm1d}, {@code InstanceNorm2d} and {@code InstanceNorm3d} with {@code affine=True}: normalisation of
 * each channel of each sample (Ulyanov et al. 2016), in training as in evaluation.
 *
 * <p>Input and output: (N, channels, ...), more than one value a channel.
 */
public final class InstanceNorm extends Norm {
    private final int channels;
    private final TorchFunction function;

    /**
     * Creates the layer with torch's {@code eps} of 1e-5.
     *
     * @param channels 1 or more
     * @throws io.github.lightning4j.ConfigurationException if it is less
     */
    public InstanceNorm(int channels) {
        this(channels, 1e-5);
    }

    /**
     * Creates the layer.
     *
     * @param channels 1 or more
     * @param eps added to the variance, 0 or more
     * @throws io.github.lightning4j.ConfigurationException if a number is out of range
     */
    public InstanceNorm(int channels, double eps) {
        this.channels = Require.atLeast(1, channels, "channels of InstanceNorm");
        Require.notNegative(eps, "eps of InstanceNorm");
        weight(channels);
        bias(channels);
        function = TorchFunction.returning(
                "x, w, b", "torch.instance_norm(x, w, b, None, None, True, 0.1, " + eps + ", True)");
    }

    @Override
    TorchFunction function(NDList inputs, boolean training) {
        Shape shape = inputs.head().getShape();
        require(
                shape.dimension() >= 3
                        && shape.get(1) == channels
                        && shape.slice(2).size() > 1,
                inputs.head(),
                "(samples, " + channels + " channels, ...) with more than one value a channel");
        return function;
    }
}
