package io.github.lightning4j.callback;

import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import java.time.Duration;
import java.util.StringJoiner;
import java.util.function.LongSupplier;

/** When a checkpoint is due. Once it is, it stays due until {@link #done}. */
final class CheckpointTriggers {
    private final long everySteps;
    private final long everyEpochs;
    private final long everyNanos;
    private final LongSupplier clock;
    private long savedAt;
    private boolean pending;

    CheckpointTriggers(ModelCheckpointBuilder options) {
        this(options, System::nanoTime);
    }

    CheckpointTriggers(ModelCheckpointBuilder options, LongSupplier clock) {
        boolean none = options.everyNTrainSteps == 0 && options.everyNEpochs == 0 && options.everyNanos == 0;
        everySteps = options.everyNTrainSteps;
        everyEpochs = none ? 1 : options.everyNEpochs;
        everyNanos = options.everyNanos;
        this.clock = clock;
        restart();
    }

    void restart() {
        savedAt = clock.getAsLong();
        pending = false;
    }

    /** To be asked at every save point, once at each global step. */
    boolean areDue(Run run, SavePoint point, CheckpointMonitor monitor) {
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
        return everyNanos > 0 && clock.getAsLong() - savedAt >= everyNanos;
    }

    private boolean epochs(long epoch) {
        return everyEpochs > 0 && (epoch + 1) % everyEpochs == 0;
    }

    /** After the last batch the end of the epoch is waited for, whose state is the rounder one. */
    private static boolean endsEpoch(Run run) {
        return run.batchesDone() == run.trainBatches();
    }

    void done() {
        pending = false;
        savedAt = clock.getAsLong();
    }

    boolean pending() {
        return pending;
    }

    void setPending(boolean value) {
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
