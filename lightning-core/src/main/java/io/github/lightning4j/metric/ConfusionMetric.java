package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.DataException;
import io.github.lightning4j.MetricValue;
import java.util.ArrayList;
import java.util.List;

/**
 * A metric that is computed from counts by label and prediction. Its memory is those counts alone: the square of the
 * number of classes, or four a label.
 */
public abstract class ConfusionMetric extends StateMetric<ClassCounts> {
    private final ClassSetup setup;

    ConfusionMetric(ClassSetup setup) {
        super(new ClassCounts(setup));
        this.setup = setup;
    }

    /**
     * Adds a batch.
     *
     * @param predictions for several classes scores (N, C) or (N, C, d1, ..., dk), where the largest wins and the first of
     *     equals, or class indices of an integer dtype in the labels' shape; otherwise scores in the labels' shape, or 0 and
     *     1 of an integer or boolean dtype
     * @param labels for several classes indices from 0 to C - 1 of shape (N) or (N, 1), with further axes (N, d1, ..., dk);
     *     for several labels 0 and 1 of shape (N, L) or (N, L, d1, ..., dk); for the binary case 0 and 1 of any shape
     * @throws DataException if the shapes do not fit, or a value is not one of those; nothing is counted then
     */
    @Override
    public final void update(NDArray predictions, NDArray labels) {
        super.update(predictions, labels);
    }

    final ClassSetup setup() {
        return setup;
    }

    final MetricValue vector(double[] values) {
        return new MetricValue.Vector(setup.names(), list(values));
    }

    static List<Double> list(double... values) {
        List<Double> list = new ArrayList<>(values.length);
        for (double value : values) {
            list.add(value);
        }
        return list;
    }
}
