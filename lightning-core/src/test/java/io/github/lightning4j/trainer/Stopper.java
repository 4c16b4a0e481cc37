package io.github.lightning4j.trainer;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.Run;
import org.jspecify.annotations.Nullable;

/** Disturbs a run at one place, each time it comes there. */
final class Stopper implements Callback {
    static final String PLUG = "pulled the plug";

    private final boolean byError;
    private final long epoch;
    private final int batch;
    private final boolean inValidation;
    private @Nullable Trainer trainer;

    private Stopper(boolean byError, long epoch, int batch, boolean inValidation) {
        this.byError = byError;
        this.epoch = epoch;
        this.batch = batch;
        this.inValidation = inValidation;
    }

    /** Stops after a training batch. */
    static Stopper afterBatch(boolean byError, long epoch, int batch) {
        return new Stopper(byError, epoch, batch, false);
    }

    /** Stops after a batch of a validation in some epoch. */
    static Stopper afterValidationBatch(boolean byError, long epoch, int batch) {
        return new Stopper(byError, epoch, batch, true);
    }

    void stops(Trainer value) {
        trainer = value;
    }

    private void stop() {
        if (byError) {
            throw new AssertionError(PLUG);
        }
        trainer.requestStop();
    }

    @Override
    public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch data, int batchIndex) {
        if (!inValidation && run.epoch() == epoch && batchIndex == batch) {
            stop();
        }
    }

    @Override
    public void onValidationBatchEnd(Run run, Batch data, int batchIndex, int loaderIndex) {
        if (inValidation && run.epoch() == epoch && batchIndex == batch) {
            stop();
        }
    }
}
