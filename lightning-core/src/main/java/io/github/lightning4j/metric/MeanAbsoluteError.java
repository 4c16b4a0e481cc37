package io.github.lightning4j.metric;

/**
 * The mean absolute error: Σ |x - y| / n.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/regression/mean_absolute_error.html">torchmetrics</a>
 */
public final class MeanAbsoluteError extends MomentMetric {
    /** Creates an empty error. */
    public MeanAbsoluteError() {
        super(1);
    }

    @Override
    void add(double prediction, double target, double[] to, long before) {
        to[0] += Math.abs(prediction - target);
    }

    @Override
    double value(double[] over, long pairs) {
        return over[0] / pairs;
    }
}
