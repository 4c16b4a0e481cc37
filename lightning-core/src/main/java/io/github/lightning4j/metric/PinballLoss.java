package io.github.lightning4j.metric;

import io.github.lightning4j.Require;

/**
 * The pinball or quantile loss: the mean of max(q (y - x), (q - 1) (y - x)), smallest where x is the quantile q of y.
 * (Koenker and Bassett 1978; torchmetrics has none.)
 */
public final class PinballLoss extends MomentMetric {
    private final double quantile;

    /**
     * Creates an empty loss.
     *
     * @param quantile which quantile is predicted, from 0 to 1; at 0.5 the loss is half the mean absolute error
     * @throws io.github.lightning4j.ConfigurationException if it is out of range
     */
    public PinballLoss(double quantile) {
        super(1);
        this.quantile = Require.fraction(quantile, "PinballLoss quantile");
    }

    @Override
    void add(double prediction, double target, double[] to, long before) {
        double missing = target - prediction;
        to[0] += Math.max(quantile * missing, (quantile - 1) * missing);
    }

    @Override
    double value(double[] over, long pairs) {
        return over[0] / pairs;
    }
}
