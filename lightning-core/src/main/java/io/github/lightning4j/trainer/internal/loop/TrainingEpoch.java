package io.github.lightning4j.trainer.internal.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.DataException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Logger;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.TorchRandom;
import java.util.Map;

/** One pass over the training batches, entered at any batch. */
final class TrainingEpoch {
    private final RunSession session;
    private final LightningModule module;
    private final FitProgress progress;
    private final Hooks hooks;
    private final LogBook book;
    private final BatchSource source;
    private final ValidationSchedule validation;
    private final FitLoop fit;
    private final long limit;

    TrainingEpoch(RunSession session, BatchSource source, ValidationSchedule validation, FitLoop fit) {
        this.session = session;
        this.module = session.module();
        this.progress = session.progress();
        this.hooks = session.hooks();
        this.book = session.book();
        this.source = source;
        this.validation = validation;
        this.fit = fit;
        this.limit = session.options().limitTrain().apply(source.batchCount(), "limitTrainBatches");
        session.setTrainBatches(limit);
        validation.setTrainBatches(limit);
    }

    /**
     * Runs what is left of the epoch.
     *
     * @return false if it was interrupted before its end
     */
    boolean run() {
        long started = System.nanoTime();
        long samplesBefore = progress.samples;
        start();
        if (!runBatches()) {
            return false;
        }
        end(System.nanoTime() - started, progress.samples - samplesBefore);
        return true;
    }

    private void start() {
        if (progress.epochStarted) {
            return;
        }
        TorchRandom.seed(session.seeds().of(Seeds.Purpose.TRAIN_STEP, progress.epoch, 0));
        book.startEpoch(false);
        hooks.call(Hook.ON_TRAIN_EPOCH_START, each -> each.onTrainEpochStart(session), module::onTrainEpochStart);
        progress.epochStarted = true;
    }

    private boolean runBatches() {
        try (BatchPass pass =
                new BatchPass(source, session.manager(), session.seeds(), progress.epoch, limit, progress.batch)) {
            boolean more = pass.hasNext();
            if (!settle(!more)) {
                return false;
            }
            while (more && fit.reasonToStop() == null) {
                more = trainOn(pass.next(), pass);
                if (!settle(!more)) {
                    return false;
                }
            }
        }
        if (session.interruption().reason() != null) {
            return false;
        }
        if (progress.batch == 0 && fit.decidedStop() == null) {
            throw noBatch();
        }
        try (MemoryScope scope = MemoryScope.open()) {
            session.optimization().finishWindow();
        }
        return true;
    }

    private DataException noBatch() {
        return new DataException(
                limit == 0
                        ? "limitTrainBatches lets no batch through, so there is nothing to train on. Raise it, or call"
                                + " validate or test."
                        : "The training data gave no batch in epoch " + progress.epoch
                                + ". Check the dataset, the batch size and dropLast; an Iterable must give its batches"
                                + " anew each epoch.");
    }

    /** Does what follows a batch: a validation if one is due, then the save point. False if interrupted. */
    private boolean settle(boolean epochEnds) {
        if (progress.pending == FitProgress.Pending.VALIDATION) {
            if (progress.validating || validation.isDue(epochEnds)) {
                if (!validation.run()) {
                    return false;
                }
                progress.pending = FitProgress.Pending.SAVE_POINT;
                session.savePoint(SavePoint.VALIDATION);
            }
            progress.pending = FitProgress.Pending.SAVE_POINT;
        }
        if (progress.pending == FitProgress.Pending.SAVE_POINT) {
            progress.pending = FitProgress.Pending.NOTHING;
            session.savePoint(SavePoint.BATCH);
        }
        return true;
    }

    /** Trains on one batch; returns whether there are more. */
    private boolean trainOn(Batch batch, BatchPass pass) {
        int index = progress.batch;
        int size = batch.getSize();
        TorchRandom.seed(session.seeds().of(Seeds.Purpose.TRAIN_STEP, progress.epoch, index + 1));
        boolean more = pass.hasNext();
        try (batch;
                MemoryScope scope = MemoryScope.open()) {
            scope.retainBuffers(batch.getData());
            scope.retainBuffers(batch.getLabels());
            progress.insideBatch = true;
            book.startBatch(size);
            hooks.trainBatchStart(batch, index);
            NDArray loss = session.optimization().trainingStep(batch, index, !more);
            progress.batch++;
            progress.samples += size;
            progress.pending = FitProgress.Pending.VALIDATION;
            hooks.trainBatchEnd(loss, batch, index);
            if (isLogDue()) {
                session.toLoggers(book.stepRow());
            }
            progress.insideBatch = false;
            return more;
        }
    }

    private boolean isLogDue() {
        long every = session.options().logEveryNSteps();
        return every > 0 && session.optimization().stepped() && progress.globalStep % every == 0;
    }

    private void end(long nanos, long samples) {
        book.enter(Hook.ON_TRAIN_EPOCH_END);
        module.onTrainEpochEnd();
        book.epochRow(false);
        hooks.call(Hook.ON_TRAIN_EPOCH_END, each -> each.onTrainEpochEnd(session));
        Map<String, Double> row = book.epochRow(false);
        session.optimization().epochSchedulers();
        session.history().add(session.metrics());
        double seconds = nanos / 1e9;
        row.put("epoch_time", seconds);
        row.put("samples_per_second", samples / seconds);
        session.toLoggers(row);
        session.loggers().forEach(Logger::flush);
        progress.nextEpoch();
    }
}
