package io.github.lightning4j.metric;

import io.github.lightning4j.DataException;

/**
 * The mean squared error of logarithms: Σ (ln(1 + x) - ln(1 + y))² / n, for numbers above -1.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/regression/mean_squared_log_error.html">torchmetrics</a>
 */
public final class MeanSquaredLogError extends MomentMetric {
    /** Creates an empty error. */
    public MeanSquaredLogError() {
        super(1);
    }

    @Override
    void add(double prediction, double target, double[] to, long before) {
        if (!(prediction > -1 && target > -1)) {
            throw new DataException("MeanSquaredLogError got prediction " + prediction + " and target " + target
                    + ", but takes numbers above -1.");
        }
        double difference = Math.log1p(prediction) - Math.log1p(target);
        to[0] += difference * difference;
    }

    @Override
    double value(double[] over, long pairs) {
        return over[0] / pairs;
    }
}
