package io.github.lightning4j.nn;

import ai.djl.ndarray.NDList;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.torch.TorchFunction;
import java.util.Arrays;

/**
 * torch's {@code RMSNorm}: {@code x / sqrt(mean(x^2) + eps) * weight}, over the last axes (Zhang and Sennrich 2019).
 *
 * <p>Input and output: (..., normalizedShape).
 */
public final class RMSNorm extends Norm {
    private final long[] normalizedShape;
    private final TorchFunction function;

    /**
     * Creates the layer with torch's default for {@code eps}, the distance from 1 to the next number of the dtype.
     *
     * @param normalizedShape the sizes of the last axes
     */
    public RMSNorm(long... normalizedShape) {
        this("None", normalizedShape);
    }

    /**
     * Creates the layer.
     *
     * @param eps added to the mean square, 0 or more
     * @param normalizedShape the sizes of the last axes
     * @throws io.github.lightning4j.ConfigurationException if eps is negative
     */
    public RMSNorm(double eps, long... normalizedShape) {
        this(Double.toString(Require.notNegative(eps, "eps of RMSNorm")), normalizedShape);
    }

    private RMSNorm(String eps, long... normalizedShape) {
        this.normalizedShape = normalizedShape.clone();
        weight(normalizedShape);
        function = TorchFunction.returning(
                "x, w", "torch.rms_norm(x, " + Arrays.toString(normalizedShape) + ", w, " + eps + ")");
    }

    @Override
    TorchFunction function(NDList inputs, boolean training) {
        requireLastAxes(inputs.head(), normalizedShape);
        return function;
    }
}
