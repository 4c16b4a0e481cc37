package io.github.lightning4j;

/**
 * A running measure, such as an accuracy: updated by the user's step, computed and reset by the loop when it was logged.
 * The update is each metric's own, since what it takes differs.
 */
public interface Metric extends Stateful, AutoCloseable {
    /**
     * The number over everything since the last reset.
     *
     * @return the number; NaN if nothing was added
     * @throws ConfigurationException if the metric computes more than a number; {@link #value()} gives it
     */
    double compute();

    /**
     * The value over everything since the last reset, which may be more than a number. A metric of one number need not
     * implement this.
     *
     * @return the value
     */
    default MetricValue value() {
        return MetricValue.of(compute());
    }

    /** Forgets everything. */
    void reset();

    /**
     * What was added since the last reset, by whose state one can tell whether anything was. A metric that remembers more,
     * such as the best of all epochs, gives that part of it which does not.
     *
     * @return a metric that is empty after a reset; this one unless overridden
     */
    default Metric sinceReset() {
        return this;
    }

    /** Frees native state, if the metric keeps any. */
    @Override
    default void close() {}
}
