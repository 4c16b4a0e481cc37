package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.name.ClassName;
import java.util.Arrays;

/**
 * A metric of regression that is computed from a few sums over all pairs of prediction and target, whatever their shape, so
 * that its memory does not grow.
 */
public abstract class MomentMetric implements BatchMetric {
    private static final String SUMS = "sums";
    private static final String COUNT = "count";

    private final double[] sums;
    private final double[] next;
    private long count;

    MomentMetric(int sums) {
        this.sums = new double[sums];
        this.next = new double[sums];
    }

    /** Adds one pair to the sums, of which {@code count} pairs are already in. */
    abstract void add(double prediction, double target, double[] to, long before);

    /** The value by the sums, of one pair or more. */
    abstract double value(double[] over, long pairs);

    /**
     * Adds a batch.
     *
     * @param predictions what was predicted, of any shape and dtype
     * @param target what should have been, of the same shape
     * @throws DataException if the shapes differ, or a value is outside of what the metric is defined for; nothing is added
     *     then
     */
    @Override
    public final void update(NDArray predictions, NDArray target) {
        Pairs.checkShapes(ClassName.of(this), predictions, target);
        double[] x = Numbers.of(predictions);
        double[] y = Numbers.of(target);
        System.arraycopy(sums, 0, next, 0, sums.length);
        for (int i = 0; i < x.length; i++) {
            add(x[i], y[i], next, count + i);
        }
        System.arraycopy(next, 0, sums, 0, sums.length);
        count += x.length;
    }

    @Override
    public final double compute() {
        return count == 0 ? Double.NaN : value(sums, count);
    }

    @Override
    public final void reset() {
        Arrays.fill(sums, 0);
        count = 0;
    }

    @Override
    public final void save(StateWriter state) {
        state.putDoubles(SUMS, sums);
        state.putLong(COUNT, count);
    }

    @Override
    public final void load(StateReader state) {
        double[] saved = state.getDoubles(SUMS);
        if (saved.length != sums.length) {
            throw new CheckpointException(ClassName.of(this) + " was saved with " + saved.length + " sums, but has "
                    + sums.length + ". It is another metric's state.");
        }
        System.arraycopy(saved, 0, sums, 0, sums.length);
        count = state.getLong(COUNT, 0);
    }
}
