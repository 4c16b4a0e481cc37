package io.github.lightning4j.trainer.internal.loop;

import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Stage;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.TorchClaim;
import io.github.lightning4j.profiler.Section;
import io.github.lightning4j.trainer.internal.hook.Hooks;
import io.github.lightning4j.trainer.internal.log.ItemBook;
import io.github.lightning4j.trainer.internal.log.LogBook;
import io.github.lightning4j.trainer.internal.log.RunLoggers;
import io.github.lightning4j.trainer.internal.option.BatchLimits;
import io.github.lightning4j.trainer.internal.run.Interruption;
import io.github.lightning4j.trainer.internal.run.Phases;
import io.github.lightning4j.trainer.internal.run.Position;
import io.github.lightning4j.trainer.internal.run.StepOutputs;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One evaluation over one or several loaders: validation within a fit or on its own, sanity check, test. It can be entered
 * at any batch, so that an interrupted validation goes on where it stood.
 */
public final class EvaluationLoop {
    private final Stage stage;
    private final List<BatchFeed> loaders;
    private final EvaluationHooks kind;
    private final Hooks hooks;
    private final LogBook book;
    private final RunLoggers loggers;
    private final ItemBook items;
    private final StepOutputs outputs;
    private final Phases phases;
    private final Position position;
    private final Seeds seeds;
    private final Interruption interruption;

    /** Hears of every batch that is done. */
    @FunctionalInterface
    interface Progress {
        /** Returns false to leave the evaluation unfinished. */
        boolean batchDone(int loader, int batchesDone);
    }

    /** Creates the loop. */
    public EvaluationLoop(RunParts parts, Stage stage, List<BatchSource> sources, BatchLimits limits) {
        this.stage = stage;
        this.loaders = sources.stream()
                .map(source -> new BatchFeed(parts, source, stage, limits))
                .toList();
        this.kind = EvaluationHooks.of(stage);
        this.hooks = parts.hooks();
        this.book = parts.book();
        this.loggers = parts.loggers();
        this.items = parts.items();
        this.outputs = parts.outputs();
        this.phases = parts.phases();
        this.position = parts.position();
        this.seeds = parts.seeds();
        this.interruption = parts.interruption();
    }

    /** Whether there is nothing to evaluate; true without loaders. */
    public boolean isEmpty() {
        return loaders.isEmpty();
    }

    /** Evaluates from the first batch to the last; fails if it is interrupted. */
    public void runAll() {
        if (!runUninterrupted()) {
            interruption.throwIfRequested(stage);
        }
    }

    /** Evaluates from the first batch on; false if it was interrupted. */
    boolean runUninterrupted() {
        return run(0, 0, (loader, batchesDone) -> interruption.reason() == null) != null;
    }

    /** Evaluates from a batch on; the metrics for the loggers, or null if it was left unfinished. */
    @Nullable
    Map<String, Double> run(int fromLoader, int fromBatch, Progress progress) {
        List<Long> limits = loaders.stream().map(BatchFeed::limit).toList();
        try (Phases.Phase phase = phases.evaluate(stage, limits);
                Phases.Phase section = phases.section(Section.EVALUATION)) {
            if (fromLoader == 0 && fromBatch == 0) {
                start();
            }
            for (int loader = fromLoader; loader < loaders.size(); loader++) {
                if (!evaluate(loader, loader == fromLoader ? fromBatch : 0, progress)) {
                    return null;
                }
            }
            return end();
        }
    }

    private void start() {
        book.enterLoader(0, loaders.size());
        book.startEvaluation();
        hooks.on(kind.start()).call();
        hooks.on(kind.epochStart()).call();
    }

    private boolean evaluate(int loader, int from, Progress progress) {
        book.enterLoader(loader, loaders.size());
        int index = from;
        try (BatchPass pass = loaders.get(loader).open(0, from)) {
            while (pass.hasNext()) {
                evaluate(pass.next(), index, loader);
                index++;
                if (!progress.batchDone(loader, index)) {
                    return false;
                }
            }
        } catch (PassInterrupted e) {
            interruption.threadInterrupted();
            return false;
        }
        if (index == 0 && loaders.get(loader).limit() != 0) {
            throw new DataException("Loader " + loader + " of the "
                    + stage.name().toLowerCase(Locale.ROOT)
                    + " data gave no batch. Check the dataset, the batch size and dropLast.");
        }
        return true;
    }

    private void evaluate(Batch read, int index, int loader) {
        TorchClaim.seed(seeds.of(Seeds.Purpose.EVALUATION_STEP, loader, index));
        try (MemoryScope scope = MemoryScope.open();
                BatchTransfer.InHand inHand = loaders.get(loader).transfer().take(read, loader)) {
            Batch batch = inHand.batch();
            position.batchStarted();
            book.startBatch(batch.getSize());
            hooks.on(kind.batchStart()).batch(batch, index, loader).call();
            NDList computed = step(batch, index, loader);
            hooks.on(kind.batchEnd())
                    .outputs(computed)
                    .batch(batch, index, loader)
                    .call();
            if (book.hasEvaluationSteps()) {
                loggers.logRow(book.stepRow());
            }
            position.batchLeft();
        }
    }

    private NDList step(Batch batch, int index, int loader) {
        NDList computed = outputs.begin();
        try {
            hooks.on(kind.step()).batch(batch, index, loader).call();
        } finally {
            outputs.end();
        }
        return computed;
    }

    private Map<String, Double> end() {
        book.enterLoader(0, loaders.size());
        hooks.on(kind.epochEnd()).call();
        Map<String, Double> row = book.epochRow(true);
        loggers.logRow(row);
        items.showFigures();
        hooks.on(kind.end()).call();
        book.endEvaluation();
        return row;
    }
}
