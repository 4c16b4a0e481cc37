package io.github.lightning4j.trainer.internal.loop;

import io.github.lightning4j.trainer.internal.option.StopLimits;
import io.github.lightning4j.trainer.internal.run.Interruption;
import io.github.lightning4j.trainer.internal.run.Position;
import io.github.lightning4j.trainer.internal.run.TrainingClock;
import org.jspecify.annotations.Nullable;

/**
 * When a fit ends. An interruption from outside leaves it where it stands, to be gone on with; a limit or a callback's
 * request is a decision of the training itself, which ends the epoch it falls into.
 */
final class StopRule {
    private final StopLimits limits;
    private final Position position;
    private final Interruption interruption;
    private final TrainingClock clock;

    StopRule(StopLimits limits, Position position, TrainingClock clock, Interruption interruption) {
        this.clock = clock;
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
        return limits.decision(position.stopReason(), position.epoch(), position.globalStep(), clock.nanos());
    }
}
