package io.github.lightning4j.trainer.internal.option;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a fit ends.
 *
 * @param maxEpochs the number of epochs, or -1 for no limit
 * @param minEpochs epochs before a requested stop is heard
 * @param maxSteps the number of optimizer steps, or -1 for no limit
 * @param minSteps steps before a requested stop is heard
 * @param maxTime how long a fit may take, or null
 */
public record StopLimits(
        long maxEpochs,
        long minEpochs,
        long maxSteps,
        long minSteps,
        @Nullable Duration maxTime) {
    /**
     * The limits of a trial run.
     *
     * @return one epoch, within the same time
     */
    public StopLimits ofTrialRun() {
        return new StopLimits(1, 0, -1, 0, maxTime);
    }

    /** Whether the epochs or the steps that were allowed are done. */
    public boolean areReached(long epoch, long globalStep) {
        return (maxSteps >= 0 && globalStep >= maxSteps) || (maxEpochs >= 0 && epoch >= maxEpochs);
    }
}
