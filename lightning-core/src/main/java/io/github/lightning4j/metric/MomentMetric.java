package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.MetricValue;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.name.ClassName;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A metric of regression that is computed from a few sums over all pairs of prediction and target, so that its memory does
 * not grow. Most take arrays of any shape, all of whose elements count alike; some have several outputs, a column each.
 */
public abstract class MomentMetric implements BatchMetric {
    private static final String SUMS = "sums";
    private static final String COUNT = "count";

    private final int outputs;
    private final int width;
    private double[] sums;
    private long count;

    MomentMetric(int sums) {
        this(sums, 1);
    }

    MomentMetric(int sums, int outputs) {
        this.outputs = outputs;
        this.width = sums;
        this.sums = new double[sums * outputs];
    }

    /** Adds one pair to the sums of an output, of which {@code before} pairs are already in. */
    abstract void add(double prediction, double target, double[] to, long before);

    /** The value of an output by its sums, of one pair or more. */
    abstract double value(double[] over, long pairs);

    /** The value by those of several outputs. */
    MetricValue combine(double[] values) {
        return new MetricValue.Vector(
                IntStream.range(0, outputs).mapToObj(String::valueOf).toList(), ConfusionMetric.list(values));
    }

    /** Refuses shapes that are equal, but do not suit the metric. */
    void check(NDArray predictions) {}

    final int outputs() {
        return outputs;
    }

    /**
     * Adds a batch.
     *
     * @param predictions what was predicted, of any dtype; for a metric that can have several outputs (N), or with a column
     *     for each (N, outputs), otherwise of any shape
     * @param target what should have been, of the same shape
     * @throws DataException if the shapes differ or do not suit the outputs, or a value is outside of what the metric is
     *     defined for; nothing is added then
     */
    @Override
    public final void update(NDArray predictions, NDArray target) {
        Pairs.checkShapes(ClassName.of(this), predictions, target);
        check(predictions);
        double[] x = Numbers.of(predictions);
        double[] y = Numbers.of(target);
        double[] next = new double[sums.length];
        double[] one = new double[width];
        for (int output = 0; output < outputs; output++) {
            System.arraycopy(sums, output * width, one, 0, width);
            long before = count;
            for (int i = output; i < x.length; i += outputs) {
                add(x[i], y[i], one, before++);
            }
            System.arraycopy(one, 0, next, output * width, width);
        }
        sums = next;
        count += x.length / outputs;
    }

    @Override
    public final double compute() {
        return value().number();
    }

    @Override
    public final MetricValue value() {
        double[] values = new double[outputs];
        for (int output = 0; output < outputs; output++) {
            double[] own = Arrays.copyOfRange(sums, output * width, (output + 1) * width);
            values[output] = count == 0 ? Double.NaN : value(own, count);
        }
        return outputs == 1 ? MetricValue.of(values[0]) : combine(values);
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
                    + sums.length + ". Make it as it was when it was saved.");
        }
        System.arraycopy(saved, 0, sums, 0, sums.length);
        count = state.getLong(COUNT, 0);
    }
}
