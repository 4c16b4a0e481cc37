package io.github.lightning4j.trainer.internal.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.lightning4j.CallContext;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Metric;
import io.github.lightning4j.ModuleHost;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.SchedulerConfig;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Stage;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.ModuleParameterStore;
import io.github.lightning4j.internal.torch.Tensors;
import io.github.lightning4j.internal.torch.TorchRandom;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run: what its loops share, and the face it shows to callbacks, loggers and the module. The run's own native memory
 * hangs on {@link #manager} and dies with {@link #close}.
 */
public final class RunSession implements Run, ModuleHost, AutoCloseable {
    private final LightningModule module;
    private final LoopOptions options;
    private final Seeds seeds;
    private final List<Callback> callbacks;
    private final List<Logger> loggers;
    private final @Nullable Path directory;
    private final boolean fitting;

    private final NDManager manager;
    private final ModuleParameterStore parameterStore;
    private final LogBook book;
    private final Hooks hooks;
    private final FitProgress progress = new FitProgress();
    private final RunHistory history = new RunHistory();
    private final Interruption interruption;

    private Optimization optimization = Optimization.NONE;
    private @Nullable CheckpointSaver saver;
    private boolean savePoint;
    private boolean begun;
    private Stage stage;
    private long trainBatches = -1;
    private boolean validation;
    private List<Long> evaluationBatches = List.of();

    /** Writes checkpoints of this run. */
    public interface CheckpointSaver {
        /**
         * Writes one.
         *
         * @param session the run, at a save point
         * @param file where
         * @param weightsOnly whether to leave out everything but the weights
         */
        void save(RunSession session, Path file, boolean weightsOnly);

        /**
         * Saves where an interruption found the run.
         *
         * @param session the run, at a save point
         */
        void saveInterrupted(RunSession session);

        /** Throws the failure of a save that went on in the background, if there was one. */
        void check();

        /** Waits for saves that go on in the background. */
        void await();

        /**
         * Notes that an optimizer stepped.
         *
         * @param globalStep the steps so far
         */
        void stepped(long globalStep);
    }

    /**
     * Starts a run.
     *
     * @param module the module
     * @param options what the Trainer was told
     * @param seeds the run's seeds
     * @param callbacks the callbacks, in the order they are called
     * @param loggers the loggers
     * @param directory where the run writes, or null
     * @param stage its first stage
     * @param interruption how it is asked to stop from outside
     */
    public RunSession(
            LightningModule module,
            LoopOptions options,
            Seeds seeds,
            List<Callback> callbacks,
            List<Logger> loggers,
            @Nullable Path directory,
            Stage stage,
            Interruption interruption) {
        this.module = module;
        this.options = options;
        this.seeds = seeds;
        this.callbacks = List.copyOf(callbacks);
        this.loggers = List.copyOf(loggers);
        this.directory = directory;
        this.stage = stage;
        this.fitting = stage == Stage.TRAIN;
        this.interruption = interruption;
        this.manager = MemoryScope.outside(() -> NDManager.newBaseManager(options.device(), "PyTorch"));
        this.manager.setName("run");
        this.parameterStore = new ModuleParameterStore(manager);
        this.book = new LogBook(options.device().isGpu(), module::metrics);
        this.hooks = new Hooks(this, module, book, callbacks);
    }

    // For the loops

    LoopOptions options() {
        return options;
    }

    LogBook book() {
        return book;
    }

    Hooks hooks() {
        return hooks;
    }

    FitProgress progress() {
        return progress;
    }

    Interruption interruption() {
        return interruption;
    }

    NDManager manager() {
        return manager;
    }

    Optimization optimization() {
        return optimization;
    }

    void setOptimization(Optimization value) {
        optimization = value;
    }

    /**
     * The metrics of every epoch so far.
     *
     * @return the history
     */
    public RunHistory history() {
        return history;
    }

    /**
     * Says who writes checkpoints.
     *
     * @param value the writer
     */
    public void setSaver(CheckpointSaver value) {
        saver = value;
    }

    void setTrainBatches(long count) {
        trainBatches = count;
    }

    void setHasValidation(boolean value) {
        validation = value;
    }

    /** Enters an evaluation; the returned stage is to be restored after it. */
    Stage enter(Stage next, List<Long> batches) {
        Stage previous = stage;
        stage = next;
        evaluationBatches = batches;
        return previous;
    }

    void leave(Stage previous) {
        stage = previous;
        evaluationBatches = List.of();
    }

    /** Seeds libtorch, unless a fit on another thread is using its generator. */
    void seedTorch(long seed) {
        if (!FitRun.isOnAnotherThread()) {
            TorchRandom.seed(seed);
        }
    }

    CallContext context(boolean training) {
        return CallContext.push(parameterStore, training, this);
    }

    void toLoggers(Map<String, Double> row) {
        if (row.isEmpty() || stage == Stage.SANITY_CHECK) {
            return;
        }
        for (Logger logger : loggers) {
            logger.logMetrics(row, progress.globalStep, progress.epoch);
        }
    }

    /** Saves where an interruption found the run, if it saves at all. */
    void saveInterrupted() {
        if (saver != null) {
            saver.saveInterrupted(this);
        }
    }

    /** Counts a training batch in which an optimizer stepped. */
    void stepped() {
        progress.globalStep++;
        if (saver != null) {
            saver.stepped(progress.globalStep);
        }
    }

    void savePoint(SavePoint point) {
        if (saver != null) {
            saver.check();
        }
        saving(() -> hooks.savePoint(point));
    }

    /** Tells callbacks of an exception. They may save the run as it is, if it had begun. */
    void reportException(Throwable failure) {
        Runnable report = () -> hooks.callAll(Hook.ON_EXCEPTION, each -> each.onException(this, failure), () -> {});
        if (begun) {
            saving(report);
        } else {
            report.run();
        }
    }

    private void saving(Runnable hook) {
        savePoint = true;
        try {
            hook.run();
        } finally {
            savePoint = false;
        }
    }

    /** Waits for saves that go on in the background. */
    void awaitSaves() {
        if (saver != null) {
            saver.await();
        }
    }

    /** Says that the run is set up, restored if it is resumed, and so can be saved. */
    void begin() {
        begun = true;
    }

    // Run

    @Override
    public Stage stage() {
        return stage;
    }

    @Override
    public boolean isFitting() {
        return fitting;
    }

    @Override
    public boolean isFastDevRun() {
        return options.fastDevRun();
    }

    @Override
    public LightningModule module() {
        return module;
    }

    @Override
    public long epoch() {
        return progress.epoch;
    }

    @Override
    public long globalStep() {
        return progress.globalStep;
    }

    @Override
    public long batchesDone() {
        return progress.batch;
    }

    @Override
    public long trainBatches() {
        return trainBatches;
    }

    @Override
    public List<Long> evaluationBatches() {
        return evaluationBatches;
    }

    @Override
    public boolean hasValidation() {
        return validation;
    }

    @Override
    public long maxEpochs() {
        return options.maxEpochs();
    }

    @Override
    public long maxSteps() {
        return options.maxSteps();
    }

    @Override
    public long samplesSeen() {
        return progress.samples;
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
    public Map<String, Double> progressBarMetrics() {
        return book.progressBarMetrics();
    }

    @Override
    public List<Optimizer> optimizers() {
        return optimization.visibleOptimizers();
    }

    @Override
    public List<SchedulerConfig> schedulers() {
        return optimization.schedulers();
    }

    @Override
    public List<Logger> loggers() {
        return loggers;
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
    public void logNow(Map<String, Double> row) {
        book.publish(row);
        toLoggers(new LinkedHashMap<>(row));
    }

    @Override
    public void requestStop(String reason) {
        if (progress.stopReason == null) {
            progress.stopReason = reason;
        }
    }

    @Override
    public void withdrawStop(String reason) {
        if (reason.equals(progress.stopReason)) {
            progress.stopReason = null;
        }
    }

    @Override
    public void interrupt(String reason) {
        interruption.request(reason);
    }

    @Override
    public void saveCheckpoint(Path file, boolean weightsOnly) {
        if (!savePoint) {
            throw new IllegalStateException(
                    "saveCheckpoint(" + file + ") was called outside onSavePoint, where the run's"
                            + " state is not complete, or before the run had begun. Override Callback.onSavePoint and"
                            + " save there.");
        }
        if (saver == null) {
            throw new LightningException("This run saves no checkpoints: it is no fit.");
        }
        saver.save(this, file, weightsOnly);
    }

    @Override
    public NDArray keep(NDArray array) {
        NDArray kept = Tensors.cutFromGraph(array);
        MemoryScope.release(kept);
        kept.attach(manager);
        return kept;
    }

    // ModuleHost

    @Override
    public Run run() {
        return this;
    }

    @Override
    public void log(String name, NDArray value, LogOptions how) {
        book.log(name, value, how);
    }

    @Override
    public void log(String name, double value, LogOptions how) {
        book.log(name, value, how);
    }

    @Override
    public void log(String name, Metric value, LogOptions how) {
        book.log(name, value, how);
    }

    @Override
    public void manualBackward(NDArray loss) {
        optimization.backward(loss);
    }

    /** Frees what the run owns: optimizer state and kept arrays. Module and parameters stay. */
    @Override
    public void close() {
        optimization.close();
        book.clear();
        manager.close();
    }
}
