package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.DataException;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.name.ClassName;

/** A metric of regression that needs all pairs: 16 bytes each, in Java's memory, until it is reset. */
public abstract class RankMetric implements BatchMetric {
    private final GrowingDoubles predictions = new GrowingDoubles();
    private final GrowingDoubles targets = new GrowingDoubles();

    RankMetric() {}

    abstract double value(double[] x, double[] y);

    /**
     * Adds a batch.
     *
     * @param values what was predicted, of any shape and dtype
     * @param target what should have been, of the same shape
     * @throws DataException if the shapes differ; nothing is added then
     */
    @Override
    public final void update(NDArray values, NDArray target) {
        Pairs.checkShapes(ClassName.of(this), values, target);
        predictions.addAll(Numbers.of(values));
        targets.addAll(Numbers.of(target));
    }

    @Override
    public final double compute() {
        return predictions.size() == 0 ? Double.NaN : value(predictions.toArray(), targets.toArray());
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
