package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;

/** A metric that is computed from the sum of a number of each row, so that its memory does not grow. */
abstract class RowMetric implements BatchMetric {
    private double sum;
    private long rows;

    /** The number of each row that counts. */
    abstract double[] rows(NDArray predictions, NDArray target);

    /** The value by the sum over one row or more. */
    double value(double total, long count) {
        return total / count;
    }

    @Override
    public void update(NDArray predictions, NDArray target) {
        double[] numbers = rows(predictions, target);
        for (double number : numbers) {
            sum += number;
        }
        rows += numbers.length;
    }

    @Override
    public final double compute() {
        return rows == 0 ? Double.NaN : value(sum, rows);
    }

    @Override
    public final void reset() {
        sum = 0;
        rows = 0;
    }

    @Override
    public final void save(StateWriter state) {
        state.putDouble("sum", sum);
        state.putLong("rows", rows);
    }

    @Override
    public final void load(StateReader state) {
        sum = state.getDouble("sum");
        rows = state.getLong("rows", 0);
    }
}
