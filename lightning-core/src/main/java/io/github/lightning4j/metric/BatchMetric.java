package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Metric;

/** A metric that is updated by predictions and what they should have been. */
public interface BatchMetric extends Metric {
    /**
     * Adds a batch.
     *
     * @param predictions what was predicted
     * @param labels what should have been
     * @throws DataException if they do not fit each other or the metric; nothing is added then
     */
    void update(NDArray predictions, NDArray labels);
}
