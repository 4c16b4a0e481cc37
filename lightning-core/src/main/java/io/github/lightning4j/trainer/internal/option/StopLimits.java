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

    /** Which limit is reached once so many epochs and steps are done, in words, or null if none is. */
    public @Nullable String reached(long epochs, long globalStep) {
        if (maxSteps >= 0 && globalStep >= maxSteps) {
            return "maxSteps=" + maxSteps + " reached";
        }
        return maxEpochs >= 0 && epochs >= maxEpochs ? "maxEpochs=" + maxEpochs + " reached" : null;
    }
}
