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
 * @param maxTime how long a run may train, over all of its starts, or null
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

    /**
     * Why training ends once so much is done, in words, or null if it does not.
     *
     * @param asked why a callback asks for the end, or null if none does
     * @param nanos how long the run has trained
     */
    public @Nullable String decision(@Nullable String asked, long epochs, long globalStep, long nanos) {
        boolean heldBack = epochs < minEpochs || globalStep < minSteps;
        return asked != null && !heldBack ? asked : reached(epochs, globalStep, nanos);
    }

    /** Which limit is reached once so much is done, in words, or null if none is. */
    public @Nullable String reached(long epochs, long globalStep, long nanos) {
        if (maxSteps >= 0 && globalStep >= maxSteps) {
            return "maxSteps=" + maxSteps + " reached";
        }
        if (maxEpochs >= 0 && epochs >= maxEpochs) {
            return "maxEpochs=" + maxEpochs + " reached";
        }
        return isTimeUp(nanos) ? "maxTime=" + maxTime + " reached" : null;
    }

    /**
     * The optimizer steps of a whole fit, or -1 if that is not known.
     *
     * @param ofEpochs those of all epochs, or -1 if that is not known
     */
    public long steps(long ofEpochs) {
        if (maxSteps < 0 || ofEpochs < 0) {
            return Math.max(maxSteps, ofEpochs);
        }
        return Math.min(maxSteps, ofEpochs);
    }

    /** Whether the run has trained as long as it may. */
    public boolean isTimeUp(long nanos) {
        return maxTime != null && nanos >= maxTime.toNanos();
    }
}
