package io.github.lightning4j.internal.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;

/** Gives batches another owner. DJL's batch keeps the manager it was made with, so a new one is made around the arrays. */
public final class BatchHandover {
    private BatchHandover() {}

    /**
     * Moves a batch.
     *
     * @param batch the batch, closed afterwards
     * @param owner a manager for this batch alone, which the new batch takes over and closes
     * @return the batch of the same arrays
     */
    public static Batch move(Batch batch, NDManager owner) {
        try (batch) {
            return around(batch, owner, batch.getData(), batch.getLabels());
        }
    }

    /**
     * Copies a batch to the device of its new owner.
     *
     * @param batch the batch, closed afterwards
     * @param owner a manager for this batch alone, which the new batch takes over and closes
     * @param precision which dtypes the copies have
     * @return the batch of the copies
     */
    public static Batch copy(Batch batch, NDManager owner, BatchPrecision precision) {
        Device device = owner.getDevice();
        try (batch) {
            return around(
                    batch,
                    owner,
                    precision.copyData(batch.getData(), device),
                    precision.copyLabels(batch.getLabels(), device));
        }
    }

    /**
     * Other arrays in place of a batch's own.
     *
     * @param batch gives size, progress and indices
     * @param owner closed with the new batch
     */
    public static Batch around(Batch batch, NDManager owner, NDList data, NDList labels) {
        return new Batch(
                owner,
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
