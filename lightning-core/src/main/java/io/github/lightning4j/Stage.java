package io.github.lightning4j;

/** What a run is doing at the moment. */
public enum Stage {
    /** A few validation batches before training starts. */
    SANITY_CHECK,
    /** Training. */
    TRAIN,
    /** Validation, within a fit or on its own. */
    VALIDATE,
    /** Test. */
    TEST,
    /** Prediction. */
    PREDICT
}
