package io.github.lightning4j.trainer.internal.loop;

import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.Stateful;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a fit stands, to the batch: all that is needed to go on from there. */
final class FitProgress implements Stateful {
    private static final Logger LOG = LoggerFactory.getLogger(FitProgress.class);

    /** What follows a training batch, in order. */
    enum Pending {
        /** A validation, if one is due, and the save point of the batch. */
        VALIDATION,
        /** The save point of the batch. */
        SAVE_POINT,
        /** The next batch. */
        NOTHING
    }

    /** Finished epochs, which is the index of the running one. */
    long epoch;
    /** Whether the running epoch's start hooks have been called. */
    boolean epochStarted;
    /** Training batches done in the running epoch. */
    int batch;
    /** What is still to be done after the batch just trained on. */
    Pending pending = Pending.NOTHING;
    /** Batches in the unfinished accumulation window. */
    int windowBatches;
    /** Training batches so far in which an optimizer stepped. */
    long globalStep;
    /** Whether a batch is being worked on; an exception there leaves it half done. */
    boolean insideBatch;
    /** Training samples so far. */
    long samples;
    /** Whether a validation is under way. */
    boolean validating;
    /** The validation loader being read. */
    int valLoader;
    /** Batches done of that loader. */
    int valBatch;
    /** Training batches of this epoch after which a validation was completed, or -1. */
    int validatedAt = -1;
    /** Global step of the last scheduled validation, so that an interval in steps fires once. */
    long validatedAtStep = -1;
    /** Why the training itself decided to end, if it did. */
    @Nullable
    String stopReason;

    void nextEpoch() {
        epoch++;
        epochStarted = false;
        batch = 0;
        validatedAt = -1;
    }

    @Override
    public void save(StateWriter state) {
        state.putLong("epoch", epoch);
        state.putBoolean("epoch_started", epochStarted);
        state.putLong("batch", batch);
        state.putString("pending", pending.name());
        state.putLong("window_batches", windowBatches);
        state.putLong("global_step", globalStep);
        state.putBoolean("inside_batch", insideBatch);
        state.putLong("samples", samples);
        state.putBoolean("validating", validating);
        state.putLong("val_loader", valLoader);
        state.putLong("val_batch", valBatch);
        state.putLong("validated_at", validatedAt);
        state.putLong("validated_at_step", validatedAtStep);
        if (stopReason != null) {
            state.putString("stop_reason", stopReason);
        }
    }

    @Override
    public void load(StateReader state) {
        epoch = state.getLong("epoch");
        epochStarted = state.getBoolean("epoch_started");
        batch = Math.toIntExact(state.getLong("batch"));
        pending = Pending.valueOf(state.getString("pending"));
        windowBatches = Math.toIntExact(state.getLong("window_batches"));
        globalStep = state.getLong("global_step");
        if (state.getBoolean("inside_batch")) {
            LOG.warn(
                    "The run was saved when an exception had ended a batch half-way. What that batch had changed is still"
                            + " there, so the run will not end exactly as it would have ended.");
        }
        samples = state.getLong("samples");
        validating = state.getBoolean("validating");
        valLoader = Math.toIntExact(state.getLong("val_loader"));
        valBatch = Math.toIntExact(state.getLong("val_batch"));
        validatedAt = Math.toIntExact(state.getLong("validated_at"));
        validatedAtStep = state.getLong("validated_at_step");
        stopReason = state.has("stop_reason") ? state.getString("stop_reason") : null;
    }
}
