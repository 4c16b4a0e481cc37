package io.github.lightning4j.data.internal;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Record;

/** Whole rows of tensors at once. */
public interface RowSource extends AutoCloseable {
    /** Copies the rows with the given indices onto the manager; data and labels have the indices' number as first size. */
    Record rows(NDManager manager, IndexList indices);

    @Override
    default void close() {}
}
