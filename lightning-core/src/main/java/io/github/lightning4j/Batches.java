package io.github.lightning4j;

import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;

/** Batches made of other batches. */
public final class Batches {
    private Batches() {}

    /**
     * Other data and labels in place of a batch's own; its size, indices and progress stay. It lives as long as the batch.
     *
     * @param batch the batch
     * @param data the new data
     * @param labels the new labels
     * @return the new batch
     */
    public static Batch of(Batch batch, NDList data, NDList labels) {
        return new Batch(
                batch.getManager(),
                data,
                labels,
                batch.getSize(),
                null,
                null,
                batch.getProgress(),
                batch.getProgressTotal(),
                batch.getIndices());
    }
}
