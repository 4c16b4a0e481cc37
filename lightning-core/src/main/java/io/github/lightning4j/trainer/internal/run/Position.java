package io.github.lightning4j.trainer.internal.run;

import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.Stateful;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a run stands, to the batch: all that is needed to go on from there. It moves by its verbs alone, in the order the
 * loop calls them; one that does not fit where it stands is refused.
 *
 * <pre>
 * epochStarted  (batchStarted  [windowGrew]  [windowClosed stepped]  batchDone  batchLeft
 *                [validationStarted  validationAt*  validationDone]  validationSettled  savePointReached)*  epochDone
 * </pre>
 */
public final class Position implements Stateful {
    private static final Logger LOG = LoggerFactory.getLogger(Position.class);

    private long epoch;
    private boolean epochStarted;
    private int batch;
    private Pending pending = Pending.NOTHING;
    private int windowBatches;
    private long globalStep;
    private boolean insideBatch;
    private long samples;
    private boolean validating;
    private int valLoader;
    private int valBatch;
    private int validatedAt = -1;
    private long validatedAtStep = -1;
    private boolean restSkipped;
    private @Nullable String stopReason;
    private LongConsumer stepListener = step -> {};

    /** What follows a training batch, in order. */
    private enum Pending {
        VALIDATION,
        SAVE_POINT,
        NOTHING
    }

    /** Names who counts steps as they happen. */
    public void onStep(LongConsumer listener) {
        stepListener = listener;
    }

    // Verbs

    /** An evaluation follows a fit that ended there. */
    public void fitEndedAt(long finishedEpochs, long steps) {
        require(isAtStart(), "a run that has begun is told where to begin");
        epoch = finishedEpochs;
        globalStep = steps;
    }

    /** The running epoch's start hooks have been called. */
    public void epochStarted() {
        require(!epochStarted, "an epoch starts within another");
        epochStarted = true;
    }

    /** A batch, of training or of an evaluation, is being worked on; an exception there leaves it half done. */
    public void batchStarted() {
        require(!insideBatch, "a batch starts within another");
        insideBatch = true;
    }

    /** A batch's backward has run: the accumulation window has grown by it. */
    public void windowGrew() {
        require(insideBatch, "a window grows outside a batch");
        windowBatches++;
    }

    /** The optimizer has used what the window accumulated. */
    public void windowClosed() {
        require(windowBatches > 0, "an empty window is closed");
        windowBatches = 0;
    }

    /** At least one optimizer has stepped on the batch. */
    public void stepped() {
        globalStep++;
        stepListener.accept(globalStep);
    }

    /** The batch is trained on; its hooks and rows come before {@link #batchLeft}. */
    public void batchDone(int size) {
        require(epochStarted && insideBatch, "a batch is done that had not started");
        require(pending == Pending.NOTHING, "a batch is done before what followed the last one");
        batch++;
        samples += size;
        pending = Pending.VALIDATION;
    }

    /** Nothing of the batch is open any more. */
    public void batchLeft() {
        insideBatch = false;
    }

    /** A validation begins at its first batch. */
    public void validationStarted() {
        require(!validating, "a validation starts within another");
        validating = true;
        validationAt(0, 0);
    }

    /** The validation has moved on. */
    public void validationAt(int loader, int batchesDone) {
        require(validating, "a validation moves on that had not started");
        valLoader = loader;
        valBatch = batchesDone;
    }

    /** The validation is complete. */
    public void validationDone() {
        require(validating, "a validation is done that had not started");
        validating = false;
        validatedAt = batch;
        validatedAtStep = globalStep;
    }

    /** The validation that may follow a batch is done or was not due: its save point is next. */
    public void validationSettled() {
        require(pending == Pending.VALIDATION, "a validation is settled that was not pending");
        pending = Pending.SAVE_POINT;
    }

    /** The save point of the batch is reached: what is saved there goes on with the next batch. */
    public void savePointReached() {
        require(pending == Pending.SAVE_POINT, "a save point is reached that was not pending");
        pending = Pending.NOTHING;
    }

    /** The epoch ends with the present batch. */
    public void restSkipped() {
        restSkipped = true;
    }

    /** The epoch is over, all of its hooks done. */
    public void epochDone() {
        require(epochStarted && pending == Pending.NOTHING, "an epoch is done in the middle of it");
        restSkipped = false;
        epoch++;
        epochStarted = false;
        batch = 0;
        validatedAt = -1;
    }

    /** The training itself decides to end; of several reasons the first counts. */
    public void stopRequested(String reason) {
        if (stopReason == null) {
            stopReason = reason;
        }
    }

    /** A decision to end is taken back. */
    public void stopWithdrawn(String reason) {
        if (reason.equals(stopReason)) {
            stopReason = null;
        }
    }

    private static void require(boolean holds, String fault) {
        if (!holds) {
            throw new IllegalStateException("The loop is out of order: " + fault + ".");
        }
    }

    // Where it stands

    /** Finished epochs, which is the index of the running one. */
    public long epoch() {
        return epoch;
    }

    /** Whether the running epoch has started and is not done. */
    public boolean isInEpoch() {
        return epochStarted;
    }

    /** Whether nothing has happened yet. */
    public boolean isAtStart() {
        return globalStep == 0 && epoch == 0 && !epochStarted;
    }

    /** Training batches done in the running epoch. */
    public int batch() {
        return batch;
    }

    /** Whether a batch is being worked on, its last hook included. */
    public boolean isInsideBatch() {
        return insideBatch;
    }

    /** The index of the training batch that is being worked on. */
    public int batchAtHand() {
        return pending == Pending.NOTHING ? batch : batch - 1;
    }

    /**
     * Whether the validation that may follow the last batch is still to be looked at; true until {@link
     * #validationSettled}.
     */
    public boolean isValidationPending() {
        return pending == Pending.VALIDATION;
    }

    /** Whether the last batch's save point is still to come; true until {@link #savePointReached}. */
    public boolean isSavePointPending() {
        return pending == Pending.SAVE_POINT;
    }

    /** Whether the running epoch ends with the present batch, whatever is left of it. */
    public boolean isRestSkipped() {
        return restSkipped;
    }

    /** Batches in the unfinished accumulation window. */
    public int windowBatches() {
        return windowBatches;
    }

    /** Training batches so far in which an optimizer stepped. */
    public long globalStep() {
        return globalStep;
    }

    /** Training samples so far. */
    public long samples() {
        return samples;
    }

    /** Whether a validation is under way; true from its first batch to its last hook. */
    public boolean isValidating() {
        return validating;
    }

    /** The validation loader being read. */
    public int valLoader() {
        return valLoader;
    }

    /** Batches done of that loader. */
    public int valBatch() {
        return valBatch;
    }

    /** Whether a validation was completed after the last batch, so that another one would repeat it. */
    public boolean isValidatedAtBatch() {
        return validatedAt == batch;
    }

    /** Whether a validation was completed at the present global step, so that an interval in steps has fired here. */
    public boolean isValidatedAtStep() {
        return validatedAtStep == globalStep;
    }

    /** Whether a validation has been completed, at any time. */
    public boolean isValidatedOnce() {
        return validatedAtStep >= 0;
    }

    /** Where it stands, to be compared with where it stood. */
    public List<Object> mark() {
        return List.of(globalStep, epoch, epochStarted, batch, pending, validating, String.valueOf(stopReason));
    }

    /** Why the training itself decided to end, or null if it did not. */
    public @Nullable String stopReason() {
        return stopReason;
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
        if (restSkipped) {
            state.putBoolean("rest_skipped", true);
        }
        if (stopReason != null) {
            state.putString("stop_reason", stopReason);
        }
    }

    @Override
    public void load(StateReader state) {
        epoch = state.getLong("epoch", 0);
        epochStarted = state.getBoolean("epoch_started");
        batch = state.getInt("batch", 0);
        pending = state.getEnum("pending", Pending.class);
        windowBatches = state.getInt("window_batches", 0);
        globalStep = state.getLong("global_step", 0);
        if (state.getBoolean("inside_batch")) {
            LOG.warn(
                    "The run was saved when an exception had ended a batch half-way. What that batch had changed is still"
                            + " there, so the run will not end exactly as it would have ended.");
        }
        samples = state.getLong("samples", 0);
        validating = state.getBoolean("validating");
        valLoader = state.getInt("val_loader", 0);
        valBatch = state.getInt("val_batch", 0);
        validatedAt = state.getInt("validated_at", -1);
        validatedAtStep = state.getLong("validated_at_step", -1);
        restSkipped = state.has("rest_skipped") && state.getBoolean("rest_skipped");
        stopReason = state.has("stop_reason") ? state.getString("stop_reason") : null;
    }
}
