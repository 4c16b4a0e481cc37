package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.DataException;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.name.ClassName;
import java.util.Arrays;

/** A metric of regression that needs all pairs: 16 bytes each, in Java's memory, until it is reset. */
public abstract class RankMetric implements BatchMetric {
    private final GrowingDoubles predictions = new GrowingDoubles();
    private final GrowingDoubles targets = new GrowingDoubles();

    RankMetric() {}

    abstract double value(double[] x, double[] y);

    /**
     * Adds a batch.
     *
     * @param values what was predicted, of shape (N) or (N, 1) and any dtype
     * @param target what should have been, of the same shape
     * @throws DataException if the shapes differ; nothing is added then
     */
    @Override
    public final void update(NDArray values, NDArray target) {
        Pairs.checkShapes(ClassName.of(this), values, target);
        Pairs.checkOutputs(ClassName.of(this), values, 1);
        predictions.addAll(Numbers.of(values));
        targets.addAll(Numbers.of(target));
    }

    @Override
    public final double compute() {
        double[] x = predictions.toArray();
        double[] y = targets.toArray();
        boolean isDefined = x.length > 0
                && Arrays.stream(x).noneMatch(Double::isNaN)
                && Arrays.stream(y).noneMatch(Double::isNaN);
        return isDefined ? value(x, y) : Double.NaN;
    }

    @Override
    public final void reset() {
        predictions.clear();
        targets.clear();
    }

    @Override
    public final void save(StateWriter state) {
        predictions.save(state, "predictions");
        targets.save(state, "targets");
    }

    @Override
    public final void load(StateReader state) {
        predictions.load(state, "predictions");
        targets.load(state, "targets");
    }
}
