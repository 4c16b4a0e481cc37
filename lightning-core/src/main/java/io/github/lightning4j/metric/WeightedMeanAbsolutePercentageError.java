package io.github.lightning4j.metric;

/**
 * The error relative to all targets: Σ |x - y| / max(Σ |y|, 1.17e-6).
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/regression/weighted_mean_absolute_percentage_error.html">torchmetrics</a>
 */
public final class WeightedMeanAbsolutePercentageError extends MomentMetric {
    private static final double LEAST = 1.17e-6;

    /** Creates an empty error. */
    public WeightedMeanAbsolutePercentageError() {
        super(2);
    }

    @Override
    void add(double prediction, double target, double[] to, long before) {
        to[0] += Math.abs(prediction - target);
        to[1] += Math.abs(target);
    }

    @Override
    double value(double[] over, long pairs) {
        return over[0] / Math.max(over[1], LEAST);
    }
}
