package io.github.lightning4j.metric;

import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;

/** The number that beats all others, in one's own sense of it. */
abstract class Extreme extends Aggregation {
    private double value = Double.NaN;
    private long count;

    abstract double better(double one, double other);

    @Override
    public final void update(double number) {
        value = count == 0 ? number : better(value, number);
        count++;
    }

    @Override
    public final double compute() {
        return value;
    }

    @Override
    public final void reset() {
        value = Double.NaN;
        count = 0;
    }

    @Override
    public final void save(StateWriter state) {
        state.putDouble("value", value);
        state.putLong("count", count);
    }

    @Override
    public final void load(StateReader state) {
        value = state.getDouble("value");
        count = state.getLong("count", 0);
    }
}
