package io.github.lightning4j.trainer.internal.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.DataException;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Stage;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.TorchRandom;
import io.github.lightning4j.profiler.Section;
import io.github.lightning4j.trainer.internal.hook.Hook;
import io.github.lightning4j.trainer.internal.hook.Hooks;
import io.github.lightning4j.trainer.internal.log.ItemBook;
import io.github.lightning4j.trainer.internal.log.LogBook;
import io.github.lightning4j.trainer.internal.log.RunHistory;
import io.github.lightning4j.trainer.internal.log.RunLoggers;
import io.github.lightning4j.trainer.internal.option.TrainerOptions;
import io.github.lightning4j.trainer.internal.run.Ends;
import io.github.lightning4j.trainer.internal.run.Interruption;
import io.github.lightning4j.trainer.internal.run.Phases;
import io.github.lightning4j.trainer.internal.run.Position;
import io.github.lightning4j.trainer.internal.run.SaveGate;
import io.github.lightning4j.trainer.internal.step.Optimization;
import io.github.lightning4j.trainer.internal.step.OptimizerSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fit: epochs of batches, and what follows a batch. It can be entered wherever it was left, since each part asks the
 * position what is still to be done.
 */
public final class FitLoop {
    private final Position position;
    private final Phases phases;
    private final Hooks hooks;
    private final LogBook book;
    private final RunHistory history;
    private final RunLoggers loggers;
    private final ItemBook items;
    private final SaveGate gate;
    private final Seeds seeds;
    private final RunParts parts;
    private final TrainerOptions options;
    private final Loaders loaders;
    private final Optimization optimization;
    private final OptimizerSet optimizers;
    private final SanityCheck sanityCheck;
    private final StopRule stop;
    private final Interruption interruption;
    private final LossWatch lossWatch;
    private final UntrainedParameters untrained;
    private final long logEveryNSteps;
    private BatchFeed feed;
    private Validation validation;
    /** How long this start has waited for the batches of the epoch. */
    private long waitedNanos;

    /** Creates the loop of a fit on these loaders. */
    public FitLoop(RunParts parts, TrainerOptions options, Optimization optimization, Loaders loaders) {
        this.parts = parts;
        this.options = options;
        this.loaders = loaders;
        this.position = parts.position();
        this.phases = parts.phases();
        this.hooks = parts.hooks();
        this.book = parts.book();
        this.history = parts.history();
        this.loggers = parts.loggers();
        this.items = parts.items();
        this.gate = parts.gate();
        this.seeds = parts.seeds();
        this.feed = trainFeed();
        this.optimization = optimization;
        this.optimizers = parts.optimizers();
        this.sanityCheck = new SanityCheck(parts, loaders.vals(), options.batches());
        this.validation = newValidation();
        this.interruption = parts.interruption();
        this.lossWatch = new LossWatch(position);
        this.stop = new StopRule(options.stop(), position, parts.clock(), interruption);
        parts.clock().start();
        this.untrained = new UntrainedParameters(parts.module(), parts.optimizers());
        this.logEveryNSteps = options.intervals().logEveryNSteps();
    }

    /** Runs epoch after epoch. */
    public String fit(Ends ends) {
        ends.closing(phases.train());
        if (position.isAtStart()) {
            sanityCheck.run();
        }
        ends.atEnd(() -> hooks.on(Hook.ON_TRAIN_END).callAll());
        hooks.on(Hook.ON_TRAIN_START).call();
        String reason = stop.reason();
        while (reason == null || isEpochToBeEnded()) {
            epoch();
            reason = stop.reason();
        }
        if (stop.isInterrupted()) {
            gate.saveInterrupted();
        }
        return reason;
    }

    /** A decision to stop ends the epoch it falls into; a run resumed there still owes that end. */
    private boolean isEpochToBeEnded() {
        return position.isInEpoch() && !stop.isInterrupted();
    }

    /** Runs what is left of an epoch. An interruption leaves the rest for later. */
    private void epoch() {
        long startedAt = System.nanoTime();
        long samplesBefore = position.samples();
        waitedNanos = 0;
        if (!position.isInEpoch()) {
            startEpoch();
        }
        if (batches()) {
            endEpoch(System.nanoTime() - startedAt, position.samples() - samplesBefore);
            savePoint(SavePoint.EPOCH);
        }
    }

    private BatchFeed trainFeed() {
        return new BatchFeed(parts, loaders.train(), Stage.TRAIN, options.batches());
    }

    private Validation newValidation() {
        return new Validation(parts, loaders.vals(), options, feed.limit());
    }

    private void reloadIfDue() {
        long interval = options.intervals().reloadDataLoadersEveryNEpochs();
        if (interval > 0 && position.epoch() > 0 && position.epoch() % interval == 0) {
            loaders.reload();
            feed = trainFeed();
            validation = newValidation();
        }
    }

    private void startEpoch() {
        reloadIfDue();
        TorchRandom.seed(seeds.of(Seeds.Purpose.TRAIN_STEP, position.epoch(), 0));
        startLogs();
        hooks.on(Hook.ON_TRAIN_EPOCH_START).call();
        untrained.report();
        position.epochStarted();
    }

    private void startLogs() {
        if (position.isAtStart()) {
            book.startFirstEpoch();
        } else {
            book.startEpoch(false);
        }
    }

    /** Runs the epoch's batches; false if it was interrupted before it was through. */
    private boolean batches() {
        try (BatchPass pass = feed.open(position.epoch(), position.batch())) {
            boolean more = !position.isRestSkipped() && pass.hasNext();
            boolean goesOn = afterBatch(!more);
            while (goesOn && more && stop.reason() == null) {
                more = batch(pass);
                waitedNanos = pass.waitedNanos();
                goesOn = afterBatch(!more);
            }
            if (!goesOn || stop.isInterrupted()) {
                return false;
            }
        } catch (PassInterrupted e) {
            interruption.threadInterrupted();
            return false;
        }
        if (position.batch() == 0 && stop.decision() == null) {
            throw noBatch();
        }
        finishWindow();
        return true;
    }

    private void finishWindow() {
        long before = position.globalStep();
        try (MemoryScope scope = MemoryScope.open()) {
            optimization.finishWindow();
        }
        if (position.globalStep() > before) {
            logStep(null, position.batch());
        }
    }

    /** Trains on one batch; returns whether there are more. */
    private boolean batch(BatchPass pass) {
        Batch read = pass.next();
        int index = position.batch();
        TorchRandom.seed(seeds.of(Seeds.Purpose.TRAIN_STEP, position.epoch(), index + 1));
        boolean more = pass.hasNext();
        phases.begin(Section.TRAINING_BATCH);
        try (MemoryScope scope = MemoryScope.open();
                BatchTransfer.InHand inHand = feed.transfer().take(read, 0)) {
            Batch batch = inHand.batch();
            int size = batch.getSize();
            scope.retainBuffers(batch.getData());
            scope.retainBuffers(batch.getLabels());
            position.batchStarted();
            book.startBatch(size);
            hooks.on(Hook.ON_TRAIN_BATCH_START).batch(batch, index).call();
            if (position.isRestSkipped()) {
                position.batchDone(0);
                position.batchLeft();
                return false;
            }
            NDArray loss = optimization.trainingStep(batch, index, !more);
            position.batchDone(size);
            lossWatch.batchDone(loss, index);
            hooks.on(Hook.ON_TRAIN_BATCH_END).loss(loss).batch(batch, index).call();
            logStep(loss, index);
            items.leaveBatch();
            position.batchLeft();
            return more && !position.isRestSkipped();
        } finally {
            phases.end(Section.TRAINING_BATCH);
        }
    }

    private void logStep(@Nullable NDArray loss, int index) {
        if (logEveryNSteps > 0 && optimization.stepped() && position.globalStep() % logEveryNSteps == 0) {
            Map<String, Double> row = book.stepRow();
            loggers.logRow(row);
            items.showBatch();
            if (!row.isEmpty()) {
                lossWatch.rowRead(loss, index);
            }
        }
    }

    /** Does what follows a batch: a validation if one is due, then the save point. False if interrupted. */
    private boolean afterBatch(boolean epochEnds) {
        if (position.isValidationPending()) {
            boolean validates = position.isValidating() || validation.isDue(epochEnds);
            if (validates && (stop.isInterrupted() || !validation.run())) {
                return false;
            }
            position.validationSettled();
            if (validates) {
                savePoint(SavePoint.VALIDATION);
            }
        }
        if (position.isSavePointPending()) {
            position.savePointReached();
            savePoint(SavePoint.BATCH);
        }
        return true;
    }

    private void endEpoch(long nanos, long samples) {
        hooks.on(Hook.ON_TRAIN_EPOCH_END).callModule();
        book.epochRow(false);
        hooks.on(Hook.ON_TRAIN_EPOCH_END).callCallbacks();
        Map<String, Double> row = book.epochRow(false);
        if (logEveryNSteps > 0) {
            row.putAll(book.unshownSteps());
        }
        if (validation.isEmpty() || position.isValidatedOnce()) {
            optimizers.requireMonitored();
        }
        untrained.reportFrozenGroups();
        if (position.epoch() == 0) {
            untrained.reportUnreached(position.globalStep());
        }
        optimization.epochDone();
        history.add(book.metrics());
        double seconds = nanos / 1e9;
        row.put("epoch_time", seconds);
        row.put("samples_per_second", samples / seconds);
        row.put("data_time", waitedNanos / 1e9);
        loggers.logRow(row);
        items.showFigures();
        loggers.flush();
        position.epochDone();
    }

    private void savePoint(SavePoint point) {
        gate.whileOpen(() -> hooks.on(Hook.ON_SAVE_POINT).point(point).callCallbacks());
    }

    private DataException noBatch() {
        return new DataException(
                feed.limit() == 0
                        ? "limitTrainBatches lets no batch through, so there is nothing to train on. Raise it, or call"
                                + " validate or test."
                        : "The training data gave no batch in epoch " + position.epoch()
                                + ". Check the dataset, the batch size and dropLast; an Iterable must give its batches"
                                + " anew each epoch.");
    }
}
