package io.github.lightning4j.trainer.internal.hook;

/** What {@code log} does in a hook when the user leaves it open, and what it refuses. */
public enum LogPolicy {
    /** Each step's value by default. */
    PER_STEP,
    /** The epoch's value by default. */
    PER_EPOCH,
    /** The epoch's value, and nothing else. */
    EPOCH_ONLY,
    /** No logging at all. */
    FORBIDDEN
}
