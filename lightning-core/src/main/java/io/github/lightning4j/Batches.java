package io.github.lightning4j;

import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.internal.torch.BatchHandover;

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
        return BatchHandover.around(batch, batch.getManager(), data, labels);
    }
}
