package io.github.lightning4j.trainer.internal.loop;

import io.github.lightning4j.trainer.internal.option.StopLimits;
import io.github.lightning4j.trainer.internal.run.Interruption;
import io.github.lightning4j.trainer.internal.run.Position;
import org.jspecify.annotations.Nullable;

/**
 * When a fit ends. An interruption from outside leaves it where it stands, to be gone on with; a limit or a callback's
 * request is a decision of the training itself, which ends the epoch it falls into.
 */
final class StopRule {
    private final StopLimits limits;
    private final Position position;
    private final Interruption interruption;
    private final long startedAt = System.nanoTime();

    StopRule(StopLimits limits, Position position, Interruption interruption) {
        this.limits = limits;
        this.position = position;
        this.interruption = interruption;
    }

    /** Why training ends here, or null if it goes on. */
    @Nullable
    String reason() {
        String interrupted = interruption.reason();
        return interrupted != null ? interrupted : decision();
    }

    boolean isInterrupted() {
        return interruption.reason() != null;
    }

    /** Why the training itself ends here, or null if it does not. */
    @Nullable
    String decision() {
        if (position.stopReason() != null && !isHeldBack()) {
            return position.stopReason();
        }
        String limit = limits.reached(position.epoch(), position.globalStep());
        if (limit != null) {
            return limit;
        }
        if (limits.maxTime() != null
                && System.nanoTime() - startedAt >= limits.maxTime().toNanos()) {
            return "maxTime=" + limits.maxTime() + " reached";
        }
        return null;
    }

    private boolean isHeldBack() {
        return position.epoch() < limits.minEpochs() || position.globalStep() < limits.minSteps();
    }
}
