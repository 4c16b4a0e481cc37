package io.github.lightning4j.metric;

/**
 * The mean error relative to the target: Σ |x - y| / max(|y|, 1.17e-6) / n; 1 is 100 percent.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/regression/mean_absolute_percentage_error.html">torchmetrics</a>
 */
public final class MeanAbsolutePercentageError extends MomentMetric {
    private static final double LEAST = 1.17e-6;

    /** Creates an empty error. */
    public MeanAbsolutePercentageError() {
        super(1);
    }

    @Override
    void add(double prediction, double target, double[] to, long before) {
        to[0] += Math.abs(prediction - target) / Math.max(Math.abs(target), LEAST);
    }

    @Override
    double value(double[] over, long pairs) {
        return over[0] / pairs;
    }
}
