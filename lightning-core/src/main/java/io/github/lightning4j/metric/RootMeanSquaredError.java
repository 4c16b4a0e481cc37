package io.github.lightning4j.metric;

/**
 * The root of the mean squared error: √(Σ (x - y)² / n).
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/regression/mean_squared_error.html">torchmetrics</a>
 */
public final class RootMeanSquaredError extends MomentMetric {
    /** Creates an empty error. */
    public RootMeanSquaredError() {
        super(1);
    }

    @Override
    void add(double prediction, double target, double[] to, long before) {
        to[0] += (prediction - target) * (prediction - target);
    }

    @Override
    double value(double[] over, long pairs) {
        return Math.sqrt(over[0] / pairs);
    }
}
