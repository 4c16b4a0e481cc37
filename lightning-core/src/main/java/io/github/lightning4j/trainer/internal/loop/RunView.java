package io.github.lightning4j.trainer.internal.loop;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogItem;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import io.github.lightning4j.SchedulerConfig;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Stage;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.Tensors;
import io.github.lightning4j.progress.ProgressBar;
import io.github.lightning4j.trainer.internal.log.ItemBook;
import io.github.lightning4j.trainer.internal.log.LogBook;
import io.github.lightning4j.trainer.internal.log.RunLoggers;
import io.github.lightning4j.trainer.internal.option.TrainerOptions;
import io.github.lightning4j.trainer.internal.run.Interruption;
import io.github.lightning4j.trainer.internal.run.Phases;
import io.github.lightning4j.trainer.internal.run.Position;
import io.github.lightning4j.trainer.internal.run.SaveGate;
import io.github.lightning4j.trainer.internal.step.OptimizerSet;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A run as callbacks and loggers see it. It holds nothing of its own but what is known of the data. */
final class RunView implements Run {
    private final LightningModule module;
    private final TrainerOptions options;
    private final Seeds seeds;
    private final List<Callback> callbacks;
    private final String id;
    private final @Nullable Path directory;
    private final boolean fitting;
    private final NDManager manager;
    private final Position position;
    private final Interruption interruption;
    private final Phases phases;
    private final SaveGate gate;
    private final LogBook book;
    private final ItemBook items;
    private final RunLoggers loggers;
    private final OptimizerSet optimizers;
    private long trainBatches = -1;
    private boolean validation;
    private @Nullable Replay replay;
    private @Nullable String stopReason;

    RunView(RunParts parts, TrainerOptions options, String id, List<Callback> callbacks, @Nullable Path directory) {
        this.id = id;
        this.module = parts.module();
        this.options = options;
        this.seeds = parts.seeds();
        this.callbacks = List.copyOf(callbacks);
        this.directory = directory;
        this.manager = parts.manager();
        this.position = parts.position();
        this.interruption = parts.interruption();
        this.phases = parts.phases();
        this.fitting = phases.stage() == Stage.TRAIN;
        this.gate = parts.gate();
        this.book = parts.book();
        this.items = parts.items();
        this.loggers = parts.loggers();
        this.optimizers = parts.optimizers();
    }

    /** Shows what a fit trains and validates on. */
    void showData(RunParts parts, BatchSource train, List<BatchSource> vals) {
        replay = new Replay(parts, new BatchFeed(parts, train, Stage.TRAIN, options.batches()));
        trainBatches = options.batches().apply(Stage.TRAIN, train);
        validation = options.batches().validatesOn(vals);
    }

    /** The loop is through. */
    void ended(String reason) {
        stopReason = reason;
    }

    /** An exception ends the run. */
    void failed(Throwable failure) {
        stopReason = ClassName.of(failure) + (failure.getMessage() == null ? "" : ": " + failure.getMessage());
    }

    @Override
    public @Nullable String stopReason() {
        return stopReason;
    }

    @Override
    public Stage stage() {
        return phases.stage();
    }

    @Override
    public boolean isFitting() {
        return fitting;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean isFastDevRun() {
        return options.fastDevRun();
    }

    @Override
    public Device device() {
        return options.compute().device();
    }

    @Override
    public DataType dataType() {
        return options.compute().precision();
    }

    @Override
    public LightningModule module() {
        return module;
    }

    @Override
    public long epoch() {
        return position.epoch();
    }

    @Override
    public long globalStep() {
        return position.globalStep();
    }

    @Override
    public long batchesDone() {
        return position.batch();
    }

    @Override
    public boolean isLastBatch() {
        return position.isInsideBatch() && phases.stage() == Stage.TRAIN && position.batchAtHand() + 1 == trainBatches;
    }

    @Override
    public long trainBatches() {
        return trainBatches;
    }

    @Override
    public long estimatedSteps() {
        return options.stop().steps(optimizers.accumulation().steps(maxEpochs(), trainBatches));
    }

    @Override
    public void accumulateGradBatches(NavigableMap<Long, Integer> fromEpoch) {
        if (!optimizers.optimizers().isEmpty()) {
            throw new IllegalStateException(
                    "accumulateGradBatches was called after the optimizers were configured. Call it in setup.");
        }
        int ofTrainer = options.gradients().accumulateGradBatches();
        if (ofTrainer != 1) {
            throw new ConfigurationException("accumulateGradBatches of the Trainer is " + ofTrainer
                    + ", and a callback brings a schedule of it. Leave one of them out.");
        }
        if (!module.automaticOptimization()) {
            throw new ConfigurationException(ClassName.of(module)
                    + " optimizes by itself (automaticOptimization() is false), so a schedule of accumulateGradBatches"
                    + " cannot apply. Leave it out, and step every so many batches in trainingStep.");
        }
        if (optimizers.accumulation().isScheduled()) {
            throw new ConfigurationException(
                    "Two callbacks bring a schedule of accumulateGradBatches. Leave one of them out.");
        }
        optimizers.accumulation().follow(fromEpoch);
    }

    @Override
    public List<Long> evaluationBatches() {
        return phases.evaluationBatches();
    }

    @Override
    public boolean hasValidation() {
        return validation;
    }

    @Override
    public long maxEpochs() {
        return options.stop().maxEpochs();
    }

    @Override
    public long maxSteps() {
        return options.stop().maxSteps();
    }

    @Override
    public long minEpochs() {
        return options.stop().minEpochs();
    }

    @Override
    public long minSteps() {
        return options.stop().minSteps();
    }

    @Override
    public @Nullable String stopRequest() {
        return position.stopReason();
    }

    @Override
    public long samplesSeen() {
        return position.samples();
    }

    @Override
    public Seeds seeds() {
        return seeds;
    }

    @Override
    public Map<String, Double> metrics() {
        return book.metrics();
    }

    @Override
    public long timesLogged(String metric) {
        return book.arrivals(metric);
    }

    @Override
    public Map<String, Double> progressBarMetrics() {
        return book.progressBarMetrics();
    }

    @Override
    public List<Optimizer> optimizers() {
        return optimizers.visible();
    }

    @Override
    public List<SchedulerConfig> schedulers() {
        return optimizers.schedulers();
    }

    @Override
    public List<Logger> loggers() {
        return loggers.each();
    }

    @Override
    public List<Callback> callbacks() {
        return callbacks;
    }

    @Override
    public @Nullable Path directory() {
        return directory;
    }

    @Override
    public void log(String name, double value, LogOptions how) {
        book.log(name, value, how);
    }

    @Override
    public void logNow(Map<String, Double> row) {
        if (!book.isSilent()) {
            book.publish(row);
            loggers.logRow(new LinkedHashMap<>(row));
        }
    }

    @Override
    public void logTimes(Map<String, Double> row) {
        Require.given(row, "the row of logTimes");
        if (!book.isSilent()) {
            loggers.logRow(new LinkedHashMap<>(row));
        }
    }

    @Override
    public void logItem(String name, Supplier<? extends LogItem> item) {
        items.log(name, item);
    }

    @Override
    public boolean replayEpoch(Consumer<Batch> action) {
        if (replay == null) {
            throw new IllegalStateException(
                    "replayEpoch was called where there is no training data: before a fit has it,"
                            + " or in a run that is no fit. Call it in onValidationStart, onTrainEpochEnd or the like.");
        }
        return replay.run(action);
    }

    @Override
    public void skipBatch() {
        optimizers.backwardGate().skip();
    }

    @Override
    public boolean isReevaluating() {
        return optimizers.isReevaluating();
    }

    @Override
    public void print(String text) {
        ProgressBar.print(Require.given(text, "the text that print was given"));
    }

    @Override
    public void requestStop(String reason) {
        position.stopRequested(reason);
    }

    @Override
    public void withdrawStop(String reason) {
        position.stopWithdrawn(reason);
    }

    @Override
    public void skipRestOfEpoch() {
        if (!fitting || !position.isInEpoch()) {
            throw new IllegalStateException(
                    "skipRestOfEpoch was called outside a training epoch. Call it in a hook of a" + " training batch.");
        }
        position.restSkipped();
    }

    @Override
    public void interrupt(String reason) {
        interruption.request(reason);
    }

    @Override
    public void saveCheckpoint(Path file, boolean weightsOnly) {
        gate.save(file, weightsOnly);
    }

    @Override
    public NDArray keep(NDArray array) {
        NDArray kept = Tensors.cutFromGraph(Require.given(array, "what keep was given"));
        MemoryScope.release(kept);
        kept.attach(manager);
        return kept;
    }
}
