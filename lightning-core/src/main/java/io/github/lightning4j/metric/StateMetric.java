package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.MetricValue;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;

/** A metric that computes from a state which others can share. */
abstract class StateMetric<S extends BatchState> implements BatchMetric {
    private S state;

    StateMetric(S state) {
        this.state = state;
    }

    abstract MetricValue evaluate(S over);

    final S state() {
        return state;
    }

    /** From now on computes from what another one collects, if that is the same. */
    @SuppressWarnings("unchecked")
    final boolean shares(StateMetric<?> other) {
        boolean same =
                state.getClass() == other.state.getClass() && state.kind().equals(other.state.kind());
        if (same) {
            state = (S) other.state;
        }
        return same;
    }

    @Override
    public void update(NDArray predictions, NDArray labels) {
        state.update(predictions, labels);
    }

    @Override
    public final double compute() {
        return value().number();
    }

    @Override
    public final MetricValue value() {
        return evaluate(state);
    }

    @Override
    public final void reset() {
        state.reset();
    }

    @Override
    public final void save(StateWriter to) {
        state.save(to);
    }

    @Override
    public void load(StateReader from) {
        state.load(from);
    }
}
