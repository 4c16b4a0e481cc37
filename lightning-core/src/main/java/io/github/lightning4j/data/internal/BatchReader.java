package io.github.lightning4j.data.internal;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;

/** Loads the samples of a batch during one pass over a dataset. Background threads share one reader. */
public interface BatchReader extends AutoCloseable {
    /**
     * Loads a batch.
     *
     * @param manager a manager for this batch alone, which the batch takes over and closes
     * @param selection the samples
     * @return the batch, on the manager's device
     * @throws io.github.lightning4j.DataException if a sample cannot be loaded, which it names
     */
    Batch read(NDManager manager, Selection selection);

    /** Frees what the pass needed. */
    @Override
    default void close() {}
}
