package io.github.lightning4j.trainer.internal.loop;

import io.github.lightning4j.BatchSource;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Every;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Stage;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.name.Overrides;
import io.github.lightning4j.internal.number.Shares;
import io.github.lightning4j.trainer.internal.option.TrainerOptions;
import io.github.lightning4j.trainer.internal.run.Interruption;
import io.github.lightning4j.trainer.internal.run.Position;
import java.util.List;

/** The validations within a fit: when one is due, and how far it has got. */
final class Validation {
    private final EvaluationLoop loop;
    private final Every interval;
    private final Position position;
    private final Interruption interruption;
    private final long batchesBetween;
    private long lastAt = System.nanoTime();

    /**
     * Creates the validations of a fit.
     *
     * @param trainBatches the batches of a training epoch, or -1 if that is not known
     */
    Validation(RunParts parts, List<BatchSource> sources, TrainerOptions options, long trainBatches) {
        List<BatchSource> used = options.batches().validatesOn(sources) ? sources : List.of();
        this.loop = new EvaluationLoop(parts, Stage.VALIDATE, used, options.batches());
        this.interval = options.intervals().valCheckInterval();
        this.position = parts.position();
        this.interruption = parts.interruption();
        requireStep(parts.module());
        this.batchesBetween = interval.unit() == Every.Unit.EPOCH_FRACTION ? batchesBetween(trainBatches) : -1;
    }

    boolean isEmpty() {
        return loop.isEmpty();
    }

    /** Before an epoch of training is spent on data that nobody judges. */
    private void requireStep(LightningModule module) {
        if (!loop.isEmpty()
                && interval.unit() != Every.Unit.NEVER
                && !Overrides.of(LightningModule.class, module, "validationStep")) {
            throw new ConfigurationException(ClassName.of(module) + " does not override validationStep, but there are"
                    + " validation batches. Override it, or give no such data.");
        }
    }

    private long batchesBetween(long trainBatches) {
        if (trainBatches < 0) {
            throw new ConfigurationException("valCheckInterval is " + interval
                    + ", but the training data does not know its length. Use Every.steps(n).");
        }
        return Math.max(1, Shares.floor(trainBatches, interval.fraction()));
    }

    /**
     * Whether a validation follows the batch just done.
     *
     * @param epochEnds whether it was the epoch's last
     */
    boolean isDue(boolean epochEnds) {
        if (loop.isEmpty() || position.isValidatedAtBatch()) {
            return false;
        }
        return switch (interval.unit()) {
            case EPOCHS -> epochEnds && (position.epoch() + 1) % interval.count() == 0;
            case EPOCH_FRACTION -> isEpochOfInterval() && position.batch() % batchesBetween == 0;
            case BATCHES -> isEpochOfInterval() && position.batch() % interval.count() == 0;
            case STEPS ->
                position.globalStep() > 0
                        && position.globalStep() % interval.count() == 0
                        && !position.isValidatedAtStep();
            case NEVER -> false;
            case DURATION -> System.nanoTime() - lastAt >= interval.count();
        };
    }

    private boolean isEpochOfInterval() {
        return (position.epoch() + 1) % interval.nthEpoch() == 0;
    }

    /** Validates, or goes on with a validation that was under way; false if it was interrupted. */
    boolean run() {
        if (!position.isValidating()) {
            position.validationStarted();
        }
        if (loop.run(position.valLoader(), position.valBatch(), this::advance) == null) {
            return false;
        }
        position.validationDone();
        lastAt = System.nanoTime();
        return true;
    }

    private boolean advance(int loader, int batchesDone) {
        position.validationAt(loader, batchesDone);
        return interruption.reason() == null;
    }
}
