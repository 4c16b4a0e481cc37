package io.github.lightning4j.nn;

import ai.djl.ndarray.NDList;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.torch.TorchFunction;
import java.util.Arrays;

/**
 * torch's {@code LayerNorm}: {@code (x - mean) / sqrt(var + eps) * weight + bias}, over the last axes (Ba et al. 2016).
 *
 * <p>Input and output: (..., normalizedShape).
 */
public final class LayerNorm extends Norm {
    private final long[] normalizedShape;
    private final TorchFunction function;

    /**
     * Creates the layer with torch's {@code eps} of 1e-5.
     *
     * @param normalizedShape the sizes of the last axes
     */
    public LayerNorm(long... normalizedShape) {
        this(1e-5, normalizedShape);
    }

    /**
     * Creates the layer.
     *
     * @param eps added to the variance, 0 or more
     * @param normalizedShape the sizes of the last axes
     * @throws io.github.lightning4j.ConfigurationException if eps is negative
     */
    public LayerNorm(double eps, long... normalizedShape) {
        Require.notNegative(eps, "eps of LayerNorm");
        this.normalizedShape = normalizedShape.clone();
        weight(normalizedShape);
        bias(normalizedShape);
        function = TorchFunction.returning(
                "x, w, b", "torch.layer_norm(x, " + Arrays.toString(normalizedShape) + ", w, b, " + eps + ")");
    }

    @Override
    TorchFunction function(NDList inputs, boolean training) {
        requireLastAxes(inputs.head(), normalizedShape);
        return function;
    }
}
