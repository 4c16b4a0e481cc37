package io.github.lightning4j.data.internal;

import io.github.lightning4j.Seeds;

/** In which order the samples of an epoch come and how they are divided into batches. */
public interface BatchOrder {
    /** The number of batches of an epoch, or -1 if it is not known. */
    long batchCount();

    /** Whether each epoch has an order of its own. */
    boolean shuffles();

    /**
     * Plans one epoch's pass.
     *
     * @param skip the number of leading batches to leave out, from 0
     * @throws io.github.lightning4j.DataException if there are not so many
     */
    BatchPlan plan(Seeds seeds, long epoch, long skip);
}
