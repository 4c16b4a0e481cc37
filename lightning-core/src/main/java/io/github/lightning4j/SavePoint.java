package io.github.lightning4j;

/** A moment at which the state of a fit is complete, so that a checkpoint saved then resumes exactly. */
public enum SavePoint {
    /** After a training batch (and after the validation it triggered, if any). */
    BATCH,
    /** After a validation within the fit. */
    VALIDATION,
    /** After an epoch, all of its hooks, schedulers and logging done. */
    EPOCH
}
