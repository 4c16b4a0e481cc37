package io.github.lightning4j.metric;

/**
 * The least of numbers; NaN of none, where torchmetrics has infinity.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/aggregation.html">torchmetrics</a>
 */
public final class MinMetric extends Extreme {
    /** Creates an empty one. */
    public MinMetric() {}

    @Override
    double better(double one, double other) {
        return Math.min(one, other);
    }
}
