package io.github.lightning4j.nn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.torch.TorchFunction;

/**
 * torch's {@code GroupNorm}: normalisation of each sample over groups of channels (Wu and He 2018), in training as in
 * evaluation. As many groups as channels make it an instance norm with weights, one group a layer norm.
 *
 * <p>Input and output: (N, channels, ...).
 */
public final class GroupNorm extends Norm {
    private final int channels;
    private final TorchFunction function;

    /**
     * Creates the layer with torch's {@code eps} of 1e-5.
     *
     * @param groups divides channels
     * @param channels 1 or more
     */
    public GroupNorm(int groups, int channels) {
        this(groups, channels, 1e-5);
    }

    /**
     * Creates the layer.
     *
     * @param groups divides channels
     * @param channels 1 or more
     * @param eps added to the variance, 0 or more
     * @throws io.github.lightning4j.ConfigurationException if the groups do not divide the channels, or eps is negative
     */
    public GroupNorm(int groups, int channels, double eps) {
        Require.atLeast(1, groups, "groups of GroupNorm");
        Require.that(
                channels > 0 && channels % groups == 0,
                "channels of GroupNorm",
                channels,
                "a multiple of " + groups,
                "");
        Require.notNegative(eps, "eps of GroupNorm");
        this.channels = channels;
        weight(channels);
        bias(channels);
        function = TorchFunction.returning("x, w, b", "torch.group_norm(x, " + groups + ", w, b, " + eps + ")");
    }

    @Override
    TorchFunction function(NDList inputs, boolean training) {
        Shape shape = inputs.head().getShape();
        require(
                shape.dimension() >= 2 && shape.get(1) == channels,
                inputs.head(),
                "(samples, " + channels + " channels, ...)");
        return function;
    }
}
