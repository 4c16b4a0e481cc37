package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.Stateful;

/** What metrics collect over batches, and several may compute from. */
interface BatchState extends Stateful {
    void update(NDArray predictions, NDArray labels);

    void reset();

    /** What is equal for two states that collect the same from the same batches. */
    Object kind();
}
