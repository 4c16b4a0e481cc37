package io.github.lightning4j.checkpoint.internal;

import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import java.time.Duration;
import java.util.StringJoiner;

/** When a checkpoint is due. Once it is, it stays due until {@link #done}. */
public final class CheckpointTriggers {
    private final long everySteps;
    private final long everyEpochs;
    private final long everyNanos;
    private long savedAt;
    private boolean pending;

    /** Each 0 for never; all 0 for every epoch. */
    public CheckpointTriggers(long everySteps, long everyEpochs, long everyNanos) {
        boolean none = everySteps == 0 && everyEpochs == 0 && everyNanos == 0;
        this.everySteps = everySteps;
        this.everyEpochs = none ? 1 : everyEpochs;
        this.everyNanos = everyNanos;
        restart();
    }

    public void restart() {
        savedAt = System.nanoTime();
        pending = false;
    }

    /** To be asked at every save point, once at each global step. */
    public boolean areDue(Run run, SavePoint point, CheckpointMonitor monitor) {
        pending = pending
                || switch (point) {
                    case BATCH -> steps(run) || time();
                    case VALIDATION -> monitor.isOfValidation() && epochs(run.epoch()) && !endsEpoch(run);
                    case EPOCH -> epochs(run.epoch() - 1);
                };
        return pending;
    }

    private boolean steps(Run run) {
        return everySteps > 0 && run.globalStep() % everySteps == 0;
    }

    private boolean time() {
        return everyNanos > 0 && System.nanoTime() - savedAt >= everyNanos;
    }

    private boolean epochs(long epoch) {
        return everyEpochs > 0 && (epoch + 1) % everyEpochs == 0;
    }

    /** After the last batch the end of the epoch is waited for, whose state is the rounder one. */
    private static boolean endsEpoch(Run run) {
        return run.batchesDone() == run.trainBatches();
    }

    public void done() {
        pending = false;
        savedAt = System.nanoTime();
    }

    public boolean pending() {
        return pending;
    }

    public void setPending(boolean value) {
        pending = value;
    }

    /** For the key the state is saved under, so without what depends on the clock. */
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ");
        if (everySteps > 0) {
            text.add("every " + everySteps + " steps");
        }
        if (everyEpochs > 0) {
            text.add("every " + everyEpochs + " epochs");
        }
        if (everyNanos > 0) {
            text.add("every " + Duration.ofNanos(everyNanos));
        }
        return text.toString();
    }
}
