package io.github.lightning4j.callback;

import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;

/** Takes the predictions of one run from a {@link PredictionWriter}. */
public interface PredictionSink extends AutoCloseable {
    /**
     * Takes what was predicted for one batch.
     *
     * @param outputs the outputs, on the run's device; freed after the call
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    void write(NDList outputs, Batch batch, int batchIndex, int loaderIndex);

    /** All is written. Not called if the prediction failed. */
    default void finish() {}

    /** Frees what is open; always called. */
    @Override
    default void close() {}
}
