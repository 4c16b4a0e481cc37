package io.github.lightning4j.metric;

/**
 * The largest of numbers; NaN of none, where torchmetrics has -infinity.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/aggregation.html">torchmetrics</a>
 */
public final class MaxMetric extends Extreme {
    /** Creates an empty one. */
    public MaxMetric() {}

    @Override
    double better(double one, double other) {
        return Math.max(one, other);
    }
}
