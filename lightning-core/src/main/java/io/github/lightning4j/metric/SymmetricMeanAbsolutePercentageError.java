package io.github.lightning4j.metric;

/**
 * The mean error relative to both: Σ 2 |x - y| / max(|x| + |y|, 1.17e-6) / n, from 0 to 2.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/regression/symmetric_mean_absolute_percentage_error.html">torchmetrics</a>
 */
public final class SymmetricMeanAbsolutePercentageError extends MomentMetric {
    private static final double LEAST = 1.17e-6;

    /** Creates an empty error. */
    public SymmetricMeanAbsolutePercentageError() {
        super(1);
    }

    @Override
    void add(double prediction, double target, double[] to, long before) {
        to[0] += 2 * Math.abs(prediction - target) / Math.max(Math.abs(target) + Math.abs(prediction), LEAST);
    }

    @Override
    double value(double[] over, long pairs) {
        return over[0] / pairs;
    }
}
