package io.github.lightning4j;

/** How the values logged during an epoch become the epoch's value. */
public enum Reduction {
    /** The mean, weighted by batch size. */
    MEAN,
    /** The sum. */
    SUM,
    /** The smallest. */
    MIN,
    /** The largest. */
    MAX
}
