package io.github.lightning4j;

/**
 * Changes the learning rates of an optimizer's groups over time, in torch's terms: constructing it sets the initial
 * rates, every {@link #step} moves on by one.
 */
public interface LrScheduler extends Stateful {
    /**
     * The name for logs and messages, such as {@code "StepLR"}.
     *
     * @return the name
     */
    String name();

    /**
     * The optimizer whose groups are changed.
     *
     * @return the optimizer
     */
    Optimizer optimizer();

    /** Moves on by one. */
    void step();

    /**
     * Moves on by one, guided by a monitored metric.
     *
     * @param metric the metric's value; ignored by schedulers that need none
     */
    default void step(double metric) {
        step();
    }

    /**
     * Refuses if the schedule has come to its end, so that one more {@link #step} would fail. The loop asks before a step of
     * the optimizer that one of the schedule follows.
     *
     * @throws ConfigurationException if there is no further step
     */
    default void requireNext() {}

    /**
     * Whether a monitored metric is needed, as by {@code ReduceLROnPlateau}.
     *
     * @return true if only {@link #step(double)} can be called
     */
    default boolean needsMetric() {
        return false;
    }

    /**
     * Whether the schedule counts optimizer steps, as {@code OneCycleLR} does, so that stepping it once an epoch is
     * probably a mistake worth a warning.
     *
     * @return true if it is meant for {@link Every#steps}
     */
    default boolean meantForSteps() {
        return false;
    }

    /**
     * The learning rates last set, one a group.
     *
     * @return the rates
     */
    double[] lastLr();
}
