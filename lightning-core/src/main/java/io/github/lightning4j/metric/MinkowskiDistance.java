package io.github.lightning4j.metric;

import io.github.lightning4j.Require;

/**
 * The distance of all predictions from all targets: (Σ |x - y|ᵖ)^(1/p), a sum and not a mean.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/regression/minkowski_distance.html">torchmetrics</a>
 */
public final class MinkowskiDistance extends MomentMetric {
    private final double p;

    /**
     * Creates an empty distance.
     *
     * @param p the exponent, 1 or more
     * @throws io.github.lightning4j.ConfigurationException if it is below 1, or not finite
     */
    public MinkowskiDistance(double p) {
        super(1);
        Require.that(p >= 1 && Double.isFinite(p), "MinkowskiDistance p", p, "a finite number of 1 or more", "");
        this.p = p;
    }

    @Override
    void add(double prediction, double target, double[] to, long before) {
        to[0] += Math.pow(Math.abs(prediction - target), p);
    }

    @Override
    double value(double[] over, long pairs) {
        return Math.pow(over[0], 1 / p);
    }
}
