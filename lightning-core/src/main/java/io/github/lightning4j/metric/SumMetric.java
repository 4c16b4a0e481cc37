package io.github.lightning4j.metric;

import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;

/**
 * The sum of numbers; 0 of none.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/aggregation.html">torchmetrics</a>
 */
public final class SumMetric extends Aggregation {
    private double value = 0;

    /** Creates an empty one. */
    public SumMetric() {}

    @Override
    public void update(double number) {
        value = value + number;
    }

    @Override
    public double compute() {
        return value;
    }

    @Override
    public void reset() {
        value = 0;
    }

    @Override
    public void save(StateWriter state) {
        state.putDouble("value", value);
    }

    @Override
    public void load(StateReader state) {
        value = state.getDouble("value");
    }
}
