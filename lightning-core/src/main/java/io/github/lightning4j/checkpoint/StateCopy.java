package io.github.lightning4j.checkpoint;

import io.github.lightning4j.checkpoint.internal.Snapshot;
import java.util.Map;

/** A state in memory as it was at one moment, copies of its tensors included. To be closed. */
public final class StateCopy implements AutoCloseable {
    private final Map<String, Object> values;
    private final Snapshot tensors;

    /**
     * Copies a state.
     *
     * @param state the root of a tree; it is of no use afterwards
     */
    public StateCopy(StateTreeWriter state) {
        state.requireRoot();
        values = state.values();
        tensors = new Snapshot(values, state.tensors());
    }

    /**
     * Reads the copy.
     *
     * @return the state, readable until this is closed
     */
    public StateTreeReader reader() {
        return StateTreeReader.of(tensors.tensors(), "", values);
    }

    /** Frees the copies. */
    @Override
    public void close() {
        tensors.close();
    }
}
