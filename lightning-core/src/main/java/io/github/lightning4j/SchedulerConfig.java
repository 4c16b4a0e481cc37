package io.github.lightning4j;

import org.jspecify.annotations.Nullable;

/**
 * A scheduler and when it steps.
 *
 * @param scheduler the scheduler
 * @param interval every so many epochs or optimizer steps, counted over the run, never restarting with the epoch; or never, for
 *     one that the module steps by hand
 * @param monitor the metric handed to the scheduler, or null
 * @param strict whether a monitored metric that does not exist is an error; if not, the step is left out with a warning
 */
public record SchedulerConfig(
        LrScheduler scheduler, Every interval, @Nullable String monitor, boolean strict) {
    /**
     * Checks the combination.
     *
     * @param scheduler the scheduler
     * @param interval when it steps
     * @param monitor the metric handed to it, or null
     * @param strict whether a missing metric is an error
     * @throws ConfigurationException if the interval is a part of an epoch or a time
     */
    public SchedulerConfig {
        if (interval.unit() == Every.Unit.EPOCH_FRACTION || interval.unit() == Every.Unit.DURATION) {
            throw new ConfigurationException("Scheduler " + scheduler.name() + " is to step " + interval
                    + "; use Every.epochs(n) or Every.steps(n), or Every.never() to step it by hand.");
        }
    }
}
