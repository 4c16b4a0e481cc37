package io.github.lightning4j.metric;

/**
 * The mean of ln(cosh(x - y)), which is a square near 0 and a distance far from it.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/regression/log_cosh_error.html">torchmetrics</a>
 */
public final class LogCoshError extends MomentMetric {
    /** Creates an empty error. */
    public LogCoshError() {
        super(1);
    }

    @Override
    void add(double prediction, double target, double[] to, long before) {
        double distance = Math.abs(prediction - target);
        to[0] += distance + Math.log1p(Math.exp(-2 * distance)) - Math.log(2);
    }

    @Override
    double value(double[] over, long pairs) {
        return over[0] / pairs;
    }
}
