package io.github.lightning4j;

/**
 * A running measure, such as an accuracy: updated by the user's step, computed and reset by the loop when it was logged.
 * The update is each metric's own, since what it takes differs.
 */
public interface Metric extends Stateful, AutoCloseable {
    /**
     * The value over everything since the last reset.
     *
     * @return the value; NaN if nothing was added
     */
    double compute();

    /** Forgets everything. */
    void reset();

    /** Frees native state, if the metric keeps any. */
    @Override
    default void close() {}
}
