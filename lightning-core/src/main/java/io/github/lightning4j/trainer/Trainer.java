package io.github.lightning4j.trainer;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.Callback;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Every;
import io.github.lightning4j.FileName;
import io.github.lightning4j.GradientClipAlgorithm;
import io.github.lightning4j.Hyperparameters;
import io.github.lightning4j.LightningDataModule;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Limit;
import io.github.lightning4j.LoaderHooks;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Require;
import io.github.lightning4j.Stage;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.config.Config;
import io.github.lightning4j.data.Sources;
import io.github.lightning4j.internal.torch.DataTypes;
import io.github.lightning4j.internal.torch.TorchClaim;
import io.github.lightning4j.internal.torch.TorchRuntime;
import io.github.lightning4j.profiler.Profiler;
import io.github.lightning4j.progress.ProgressBar;
import io.github.lightning4j.trainer.internal.option.BatchLimits;
import io.github.lightning4j.trainer.internal.option.Compute;
import io.github.lightning4j.trainer.internal.option.Display;
import io.github.lightning4j.trainer.internal.option.GradientOptions;
import io.github.lightning4j.trainer.internal.option.Intervals;
import io.github.lightning4j.trainer.internal.option.StopLimits;
import io.github.lightning4j.trainer.internal.option.Storage;
import io.github.lightning4j.trainer.internal.option.TrainerOptions;
import io.github.lightning4j.trainer.internal.resume.RunDirectory;
import io.github.lightning4j.trainer.internal.resume.RunLock;
import io.github.lightning4j.trainer.internal.run.Interruption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Runs modules: owns epochs, batches, modes, gradients, optimizer and scheduler steps, logging, checkpoints and native
 * memory.
 *
 * <pre>{@code
 * Trainer trainer = Trainer.builder().maxEpochs(5).build();
 * FitResult result = trainer.fit(new LitMnist(), trainLoader, valLoader);
 * EvaluationResult test = trainer.test(module, testLoader);
 * }</pre>
 *
 * <p>Only one fit runs in a JVM at a time. {@link #requestStop} and {@link #isRunning} may be called from any thread;
 * everything else belongs to one thread. An interrupt of that thread ends a run after its batch: a fit saves and returns, as
 * after {@link #requestStop}; a validation, test or prediction throws a {@code LightningException}. The thread is then still
 * interrupted. A second {@code fit} on the same Trainer is a new run.
 */
public final class Trainer {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(Trainer.class);

    private static final Duration EVALUATION_WAIT = Duration.ofSeconds(10);

    private final TrainerOptions options;
    private final @Nullable SignalPolicy signals;
    private final AtomicInteger running = new AtomicInteger();
    private volatile Interruption interruption = new Interruption();
    private @Nullable FinishedFit lastFit;

    private Trainer(TrainerOptions options, @Nullable SignalPolicy signals) {
        this.options = options;
        this.signals = signals;
    }

    /**
     * Starts building a Trainer. Environment variables preset options: {@code LIGHTNING4J_MAX_EPOCHS=1} is {@code maxEpochs(1)},
     * and so for every option that has a plain value. What the builder is told counts more.
     *
     * @return the builder
     * @throws ConfigurationException if such a variable has a value that its option refuses
     */
    public static Builder builder() {
        return builder(System.getenv());
    }

    static Builder builder(Map<String, String> environment) {
        Builder builder = new Builder();
        EnvironmentPresets.apply(builder, environment);
        return builder;
    }

    /**
     * A Trainer for a trial before a fit: it trains as this one does, on the same device, with the same dtype, threads, seed,
     * accumulation and clipping, but for some steps alone. It has none of this one's callbacks and loggers, leaves the module's
     * callbacks and schedulers out, does not validate, and shows and writes nothing.
     *
     * @param steps the optimizer steps after which it ends, at least 1
     * @param callbacks the callbacks of the trial
     * @return the Trainer; whatever it trains is changed by it
     */
    public Trainer forTrial(long steps, Callback... callbacks) {
        Require.atLeast(1, steps, "the steps of a trial");
        return new Trainer(options.ofTuning(steps, Require.allGiven(callbacks, "callbacks")), signals);
    }

    // Fit

    /**
     * Trains on the batches of the module itself, see {@link LoaderHooks}; validates if it has validation batches.
     *
     * @param module the module
     * @return the record of the run
     */
    public FitResult fit(LightningModule module) {
        return fit(module, RunData.of(module), null);
    }

    /**
     * Goes on with a run whose batches are those of the module itself.
     *
     * @param module the module
     * @param checkpoint where to go on
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, CkptPath checkpoint) {
        return fit(module, RunData.of(module), checkpoint);
    }

    /**
     * Trains without validation.
     *
     * @param module the module
     * @param train the training batches: a {@code DataLoader}, or any iterable that gives its batches anew each epoch
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, Iterable<Batch> train) {
        return fit(module, RunData.of(train, List.of()), null);
    }

    /**
     * Trains and validates.
     *
     * @param module the module
     * @param train the training batches
     * @param val the validation batches
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, Iterable<Batch> train, Iterable<Batch> val) {
        return fit(module, RunData.of(train, RunData.one(val)), null);
    }

    /**
     * Trains and validates on several loaders.
     *
     * @param module the module
     * @param train the training batches
     * @param vals the validation batches of each loader
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, Iterable<Batch> train, List<? extends Iterable<Batch>> vals) {
        return fit(module, RunData.of(train, vals), null);
    }

    /**
     * Trains on a DJL dataset, read with its own sampler and batch size.
     *
     * @param module the module
     * @param train the training data
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, Dataset train) {
        return fit(module, trainingSource(train));
    }

    /**
     * Trains and validates on DJL datasets, read with their own samplers and batch sizes.
     *
     * @param module the module
     * @param train the training data
     * @param val the validation data
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, Dataset train, Dataset val) {
        return fit(module, trainingSource(train), source(val));
    }

    /**
     * Goes on with a fit on a DJL dataset from a checkpoint.
     *
     * @param module the module
     * @param train the training data
     * @param checkpoint where to go on
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, Dataset train, CkptPath checkpoint) {
        return fit(module, trainingSource(train), checkpoint);
    }

    /**
     * Goes on with a fit on DJL datasets from a checkpoint.
     *
     * @param module the module
     * @param train the training data
     * @param val the validation data
     * @param checkpoint where to go on
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, Dataset train, Dataset val, CkptPath checkpoint) {
        return fit(module, trainingSource(train), source(val), checkpoint);
    }

    /**
     * Trains, and validates if there are validation batches.
     *
     * @param module the module
     * @param data the data
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, LightningDataModule data) {
        return fit(module, RunData.of(data), null);
    }

    /**
     * Goes on with a fit from a checkpoint.
     *
     * @param module the module
     * @param train the training batches
     * @param checkpoint where to go on
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, Iterable<Batch> train, CkptPath checkpoint) {
        return fit(module, RunData.of(train, List.of()), checkpoint);
    }

    /**
     * Goes on with a fit from a checkpoint.
     *
     * @param module the module
     * @param train the training batches
     * @param val the validation batches
     * @param checkpoint where to go on
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, Iterable<Batch> train, Iterable<Batch> val, CkptPath checkpoint) {
        return fit(module, RunData.of(train, RunData.one(val)), checkpoint);
    }

    /**
     * Goes on with a fit from a checkpoint.
     *
     * @param module the module
     * @param train the training batches
     * @param vals the validation batches of each loader
     * @param checkpoint where to go on
     * @return the record of the run
     */
    public FitResult fit(
            LightningModule module, Iterable<Batch> train, List<? extends Iterable<Batch>> vals, CkptPath checkpoint) {
        return fit(module, RunData.of(train, vals), checkpoint);
    }

    /**
     * Goes on with a fit from a checkpoint.
     *
     * @param module the module
     * @param data the data
     * @param checkpoint where to go on
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, LightningDataModule data, CkptPath checkpoint) {
        return fit(module, RunData.of(data), checkpoint);
    }

    private FitResult fit(LightningModule module, RunData data, @Nullable CkptPath checkpoint) {
        Require.given(module, "the module");
        Interruption current = new Interruption();
        Fit fit = new Fit(options, module, data, checkpoint, current);
        SignalWatch watch;
        FitResult result;
        try (Running now = new Running();
                TorchClaim claim = claim();
                SignalWatch listening = SignalWatch.start(signals, current)) {
            watch = listening;
            interruption = current;
            lastFit = null;
            result = fit.run();
            lastFit = fit.finished();
        }
        watch.handOn();
        return result;
    }

    private static TorchClaim claim() {
        TorchClaim claim = TorchClaim.take();
        if (claim == null) {
            throw new ConfigurationException(
                    "A fit is running in this JVM already. libtorch has one random generator per process, so two at a"
                            + " time could not be reproduced. Wait for it, or use another process.");
        }
        return claim;
    }

    /**
     * Asks the running fit to finish its batch and return. May be called from any thread; without a running fit it does
     * nothing.
     */
    public void requestStop() {
        interruption.request("requestStop() was called");
    }

    /**
     * Whether a fit, validation, test or prediction of this Trainer is going on. May be called from any thread.
     *
     * @return true until it has ended, its last hooks included
     */
    public boolean isRunning() {
        return running.get() > 0;
    }

    /** One entry into the Trainer. */
    private final class Running implements AutoCloseable {
        Running() {
            running.incrementAndGet();
        }

        @Override
        public void close() {
            running.decrementAndGet();
        }
    }

    /**
     * Saves the module of the last fit as it is now: weights and hyperparameters, with the epoch and step at which the fit
     * ended. {@code Checkpoint.load} makes the module again, and {@code validate}, {@code test} and {@code predict} take the file
     * as a {@code CkptPath}. A fit goes on from the checkpoints that it writes itself, which hold the optimizer's state too.
     *
     * @param file where; missing parent folders are made, and a file that is there is replaced
     * @throws ConfigurationException if no fit of this Trainer has ended, or its module was closed
     * @throws CheckpointException if the file cannot be written
     */
    public void saveCheckpoint(Path file) {
        Require.given(file, "the file");
        FinishedFit fit = lastFit;
        if (fit == null) {
            throw new ConfigurationException(
                    "saveCheckpoint(" + file + "): no fit of this Trainer has ended, so there is"
                            + " nothing to save. Call it after fit; within a fit, a callback calls run.saveCheckpoint in onSavePoint.");
        }
        fit.save(file);
    }

    // Validate, test, predict

    /**
     * Validates a module as it is. If this Trainer's last fit was of this module, the result goes to the loggers of that
     * run, with its last step; otherwise to loggers that were given to the Trainer, in a directory of its own.
     *
     * @param module the module
     * @param loaders the validation batches, one or several loaders; without any, those of the module itself
     * @return everything logged, reduced; printed as a table too, see {@link Builder#enableResultTable}
     */
    @SafeVarargs
    public final EvaluationResult validate(LightningModule module, Iterable<Batch>... loaders) {
        return evaluate(Stage.VALIDATE, module, RunData.evaluation(module, loaders), null);
    }

    /**
     * Validates a module as it is. If this Trainer's last fit was of this module, the result goes to the loggers of that
     * run, with its last step; otherwise to loggers that were given to the Trainer, in a directory of its own.
     *
     * @param module the module
     * @param data gives the validation batches
     * @return everything logged, reduced; printed as a table too, see {@link Builder#enableResultTable}
     */
    public EvaluationResult validate(LightningModule module, LightningDataModule data) {
        return evaluate(Stage.VALIDATE, module, RunData.of(data), null);
    }

    /**
     * Validates a module as it is on a DJL dataset.
     *
     * @param module the module
     * @param data the validation data
     * @return everything logged, reduced; printed as a table too, see {@link Builder#enableResultTable}
     */
    public EvaluationResult validate(LightningModule module, Dataset data) {
        return validate(module, source(data));
    }

    /**
     * Tests a module as it is. If this Trainer's last fit was of this module, the result goes to the loggers of that run,
     * with its last step, and into its {@code result.json}; otherwise to loggers that were given to the Trainer, in a
     * directory of its own.
     *
     * @param module the module
     * @param loaders the test batches, one or several loaders; without any, those of the module itself
     * @return everything logged, reduced; printed as a table too, see {@link Builder#enableResultTable}
     */
    @SafeVarargs
    public final EvaluationResult test(LightningModule module, Iterable<Batch>... loaders) {
        return evaluate(Stage.TEST, module, RunData.evaluation(module, loaders), null);
    }

    /**
     * Tests a module as it is. If this Trainer's last fit was of this module, the result goes to the loggers of that run,
     * with its last step, and into its {@code result.json}; otherwise to loggers that were given to the Trainer, in a
     * directory of its own.
     *
     * @param module the module
     * @param data gives the test batches
     * @return everything logged, reduced; printed as a table too, see {@link Builder#enableResultTable}
     */
    public EvaluationResult test(LightningModule module, LightningDataModule data) {
        return evaluate(Stage.TEST, module, RunData.of(data), null);
    }

    /**
     * Tests a module as it is on a DJL dataset.
     *
     * @param module the module
     * @param data the test data
     * @return everything logged, reduced; printed as a table too, see {@link Builder#enableResultTable}
     */
    public EvaluationResult test(LightningModule module, Dataset data) {
        return test(module, source(data));
    }

    /**
     * Validates a module with the weights of a checkpoint, which it keeps. {@code CkptPath.best()} and {@code last()} are those
     * of this Trainer's last fit, or else of {@code runDirectory(...)}.
     *
     * @param module the module, of the architecture that was saved
     * @param checkpoint which weights
     * @param loaders the batches, one or several loaders; without any, those of the module itself
     * @return everything logged, reduced; printed as a table too, see {@link Builder#enableResultTable}
     * @throws CheckpointException if there is no such checkpoint, or its weights do not fit
     */
    @SafeVarargs
    public final EvaluationResult validate(LightningModule module, CkptPath checkpoint, Iterable<Batch>... loaders) {
        return evaluate(Stage.VALIDATE, module, RunData.evaluation(module, loaders), checkpoint);
    }

    /**
     * Validates a module with the weights of a checkpoint, which it keeps.
     *
     * @param module the module, of the architecture that was saved
     * @param data gives the batches
     * @param checkpoint which weights
     * @return everything logged, reduced
     * @throws CheckpointException if there is no such checkpoint, or its weights do not fit
     */
    public EvaluationResult validate(LightningModule module, LightningDataModule data, CkptPath checkpoint) {
        return evaluate(Stage.VALIDATE, module, RunData.of(data), checkpoint);
    }

    /**
     * Tests a module with the weights of a checkpoint, which it keeps. {@code CkptPath.best()} and {@code last()} are those
     * of this Trainer's last fit, or else of {@code runDirectory(...)}.
     *
     * @param module the module, of the architecture that was saved
     * @param checkpoint which weights
     * @param loaders the batches, one or several loaders; without any, those of the module itself
     * @return everything logged, reduced; printed as a table too, see {@link Builder#enableResultTable}
     * @throws CheckpointException if there is no such checkpoint, or its weights do not fit
     */
    @SafeVarargs
    public final EvaluationResult test(LightningModule module, CkptPath checkpoint, Iterable<Batch>... loaders) {
        return evaluate(Stage.TEST, module, RunData.evaluation(module, loaders), checkpoint);
    }

    /**
     * Tests a module with the weights of a checkpoint, which it keeps.
     *
     * @param module the module, of the architecture that was saved
     * @param data gives the batches
     * @param checkpoint which weights
     * @return everything logged, reduced
     * @throws CheckpointException if there is no such checkpoint, or its weights do not fit
     */
    public EvaluationResult test(LightningModule module, LightningDataModule data, CkptPath checkpoint) {
        return evaluate(Stage.TEST, module, RunData.of(data), checkpoint);
    }

    private EvaluationResult evaluate(
            Stage stage, LightningModule module, RunData data, @Nullable CkptPath checkpoint) {
        Require.given(module, "the module");
        FinishedFit fit = lastFit != null && lastFit.module() == module ? lastFit : null;
        try (Running now = new Running();
                RunLock lock = new RunLock(evaluationWait(), new Interruption())) {
            if (fit != null && fit.result().runDirectory() != null) {
                lock.add(fit.result().runDirectory());
            }
            EvaluationResult result = new Evaluation(options, module, data, stage, opening(checkpoint)).evaluate(fit);
            if (stage == Stage.TEST && fit != null) {
                fit.addTestMetrics(result.metrics());
            }
            if (options.display().enableResultTable() && !result.isEmpty()) {
                ProgressBar.print(
                        result.table(stage.name().toLowerCase(Locale.ROOT)).stripTrailing());
            }
            return result;
        }
    }

    /** Another start of a run that is over looks into its directory for a moment, which must not cost the test. */
    private Duration evaluationWait() {
        Duration asked = options.storage().waitForRunDirectory();
        return asked.compareTo(EVALUATION_WAIT) > 0 ? asked : EVALUATION_WAIT;
    }

    /**
     * Predicts.
     *
     * @param module the module
     * @param loaders the batches, one or several loaders; without any, those of the module itself
     * @return the outputs, copied to the CPU; the caller closes them
     */
    @SafeVarargs
    public final PredictResult predict(LightningModule module, Iterable<Batch>... loaders) {
        return predict(module, RunData.evaluation(module, loaders), null);
    }

    /**
     * Predicts.
     *
     * @param module the module
     * @param data gives the batches
     * @return the outputs, copied to the CPU; the caller closes them
     */
    public PredictResult predict(LightningModule module, LightningDataModule data) {
        return predict(module, RunData.of(data), null);
    }

    /**
     * Predicts with a module with the weights of a checkpoint, which it keeps. {@code CkptPath.best()} and {@code last()} are those
     * of this Trainer's last fit, or else of {@code runDirectory(...)}.
     *
     * @param module the module, of the architecture that was saved
     * @param checkpoint which weights
     * @param loaders the batches, one or several loaders; without any, those of the module itself
     * @return the outputs, copied to the CPU; the caller closes them
     * @throws CheckpointException if there is no such checkpoint, or its weights do not fit
     */
    @SafeVarargs
    public final PredictResult predict(LightningModule module, CkptPath checkpoint, Iterable<Batch>... loaders) {
        return predict(module, RunData.evaluation(module, loaders), checkpoint);
    }

    /**
     * Predicts with a module with the weights of a checkpoint, which it keeps.
     *
     * @param module the module, of the architecture that was saved
     * @param data gives the batches
     * @param checkpoint which weights
     * @return the outputs, copied to the CPU; the caller closes them
     * @throws CheckpointException if there is no such checkpoint, or its weights do not fit
     */
    public PredictResult predict(LightningModule module, LightningDataModule data, CkptPath checkpoint) {
        return predict(module, RunData.of(data), checkpoint);
    }

    /** Opens a checkpoint of the last fit, or of the run directory that was named. */
    private @Nullable Supplier<Checkpoint> opening(@Nullable CkptPath checkpoint) {
        if (checkpoint == null) {
            return null;
        }
        FinishedFit fit = lastFit;
        if (fit == null) {
            return () -> checkpoint.open(RunDirectory.last(options.storage()));
        }
        Path best = fit.result().bestCheckpoint();
        return checkpoint.equals(CkptPath.best()) && best != null
                ? () -> Checkpoint.open(best)
                : () -> checkpoint.open(fit.result().runDirectory());
    }

    private PredictResult predict(LightningModule module, RunData data, @Nullable CkptPath checkpoint) {
        Require.given(module, "the module");
        try (Running now = new Running()) {
            return new Evaluation(options, module, data, Stage.PREDICT, opening(checkpoint)).predict();
        }
    }

    /**
     * Predicts a DJL dataset.
     *
     * @param module the module
     * @param data the data
     * @return the outputs, copied to the CPU; the caller closes them
     */
    public PredictResult predict(LightningModule module, Dataset data) {
        return predict(module, source(data));
    }

    private static BatchSource trainingSource(@Nullable Dataset dataset) {
        BatchSource source = source(dataset);
        if (!source.shuffles().orElse(true)) {
            LOG.warn("The training data is read in the same order in every epoch, as its sampler has it. Build the"
                    + " dataset with setSampling(batchSize, true), or give it to a DataLoader, which may shuffle"
                    + " or not.");
        }
        return source;
    }

    private static BatchSource source(@Nullable Dataset dataset) {
        if (dataset == null) {
            throw new ConfigurationException("The dataset is null; give one, or use the overload without it.");
        }
        return Sources.of(dataset);
    }

    /** Builds a {@link Trainer}. A value out of range is refused by the call that gives it. */
    public static final class Builder {
        private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(Builder.class);
        private static final long DEFAULT_MAX_EPOCHS = 1000;
        private static final Duration LONGEST_WAIT = Duration.ofDays(36_500);

        private long maxEpochs = -1;
        private long minEpochs;
        private long maxSteps = -1;
        private long minSteps;
        private @Nullable Duration maxTime;
        private Limit limitTrainBatches = Limit.all();
        private Limit limitValBatches = Limit.all();
        private Limit limitTestBatches = Limit.all();
        private Limit limitPredictBatches = Limit.all();
        private @Nullable Limit overfitBatches;
        private long reloadDataLoadersEveryNEpochs;
        private Every valCheckInterval = Every.epochs(1);
        private long numSanityValSteps = 2;
        private long logEveryNSteps = 50;
        private int accumulateGradBatches = 1;
        private double gradientClipVal;
        private GradientClipAlgorithm gradientClipAlgorithm = GradientClipAlgorithm.NORM;
        private boolean detectAnomaly;
        private int fastDevRun;
        private Accelerator accelerator = Accelerator.AUTO;
        private int deviceIndex;
        private DataType precision = DataType.FLOAT32;
        private @Nullable Long seed;
        private int threads;
        private boolean benchmark;
        private final List<Callback> callbacks = new ArrayList<>();
        private @Nullable List<Logger> loggers;
        private boolean enableProgressBar = true;
        private boolean enableModelSummary = true;
        private boolean enableResultTable = true;
        private boolean enableCheckpointing = true;
        private Path defaultRootDir = Path.of("");
        private String runName = "lightning_logs";
        private @Nullable Path runDirectory;
        private boolean autoResume;
        private Duration waitForRunDirectory = Duration.ZERO;
        private boolean backgroundCheckpoints;
        private @Nullable SignalPolicy signals;
        private @Nullable Profiler profiler;

        Builder() {}

        /**
         * Sets options by their names, as a file of settings gives them: {@code maxEpochs: 5}, {@code limitTrainBatches: 10
         * batches}, {@code valCheckInterval: 100 steps}, {@code maxTime: 12h}. What is called later counts more.
         *
         * @param values name of an option and value; null leaves an option alone
         * @return this
         * @throws ConfigurationException naming the option that does not exist, has no plain value, or refuses its value
         */
        public Builder options(Map<String, ?> values) {
            return Config.apply(this, Require.given(values, "options"), "options of the Trainer");
        }

        /**
         * Sets options by the components of a record, each called as its option.
         *
         * @param values the record; a component that is null leaves its option alone
         * @return this
         * @throws ConfigurationException naming the option that does not exist, has no plain value, or refuses its value
         */
        public Builder options(Record values) {
            return options(Hyperparameters.of(Require.given(values, "options")));
        }

        /**
         * The number of epochs after which a fit ends.
         *
         * @param epochs 0 or more, or -1 for no limit; 1000 if neither this, {@link #maxSteps} nor {@link #maxTime} is given
         * @return this
         */
        public Builder maxEpochs(long epochs) {
            maxEpochs = Require.atLeast(-1, epochs, "maxEpochs", "-1 means no limit");
            return this;
        }

        /**
         * The number of epochs before which no callback can end a fit.
         *
         * @param epochs 0 or more
         * @return this
         */
        public Builder minEpochs(long epochs) {
            minEpochs = Require.atLeast(0, epochs, "minEpochs", "0 means none");
            return this;
        }

        /**
         * The number of optimizer steps after which a fit ends.
         *
         * @param steps 0 or more, or -1 for no limit
         * @return this
         */
        public Builder maxSteps(long steps) {
            maxSteps = Require.atLeast(-1, steps, "maxSteps", "-1 means no limit");
            return this;
        }

        /**
         * The number of optimizer steps before which no callback can end a fit.
         *
         * @param steps 0 or more
         * @return this
         */
        public Builder minSteps(long steps) {
            minSteps = Require.atLeast(0, steps, "minSteps", "0 means none");
            return this;
        }

        /**
         * The time after which a run ends: after the batch in hand, with the end of its epoch. Like epochs and steps it counts
         * over all starts of a run; what a killed start did since its last checkpoint is not counted.
         *
         * @param time above zero
         * @return this
         */
        public Builder maxTime(Duration time) {
            maxTime = Require.positive(time, "maxTime");
            return this;
        }

        /**
         * How much of the training batches an epoch uses.
         *
         * @param limit the limit
         * @return this
         */
        public Builder limitTrainBatches(Limit limit) {
            limitTrainBatches = Require.given(limit, "limitTrainBatches");
            return this;
        }

        /**
         * How much of each validation loader is used; {@code Limit.batches(0)} switches validation off.
         *
         * @param limit the limit
         * @return this
         */
        public Builder limitValBatches(Limit limit) {
            limitValBatches = Require.given(limit, "limitValBatches");
            return this;
        }

        /**
         * How much of each test loader is used.
         *
         * @param limit the limit
         * @return this
         */
        public Builder limitTestBatches(Limit limit) {
            limitTestBatches = Require.given(limit, "limitTestBatches");
            return this;
        }

        /**
         * How much of each prediction loader is used.
         *
         * @param limit the limit
         * @return this
         */
        public Builder limitPredictBatches(Limit limit) {
            limitPredictBatches = Require.given(limit, "limitPredictBatches");
            return this;
        }

        /**
         * Trains on the first batches alone, the same in the same order in every epoch, and validates on as many, to see
         * whether a module can learn at all. It takes the place of {@code limitTrainBatches} and {@code limitValBatches}; a
         * loader that shuffles gives those of its first epoch.
         *
         * @param limit how many; off by default
         * @return this
         */
        public Builder overfitBatches(Limit limit) {
            overfitBatches = Require.given(limit, "overfitBatches");
            return this;
        }

        /**
         * Asks the data module, or the module, for its loaders anew at the start of every n-th epoch, counted from the run's
         * start: for data that is made while it is trained on.
         *
         * @param epochs n; 0, the default, for never
         * @return this
         * @throws ConfigurationException if {@code epochs} is negative
         */
        public Builder reloadDataLoadersEveryNEpochs(long epochs) {
            reloadDataLoadersEveryNEpochs =
                    Require.atLeast(0, epochs, "reloadDataLoadersEveryNEpochs", "0 means never");
            return this;
        }

        /**
         * When a fit validates.
         *
         * @param interval in epochs, in parts of an epoch or batches, possibly of every n-th epoch alone, in optimizer steps or
         *     in time, or never; by default at the end of each epoch
         * @return this
         */
        public Builder valCheckInterval(Every interval) {
            valCheckInterval = Require.given(interval, "valCheckInterval");
            return this;
        }

        /**
         * How many batches of each validation loader are run before training, to find mistakes early.
         *
         * @param batches 0 for none, -1 for all; 2 by default
         * @return this
         */
        public Builder numSanityValSteps(long batches) {
            numSanityValSteps = Require.atLeast(-1, batches, "numSanityValSteps", "-1 means all, 0 none");
            return this;
        }

        /**
         * How many optimizer steps lie between two rows of step values in the loggers.
         *
         * @param steps 0 for no such rows; 50 by default
         * @return this
         */
        public Builder logEveryNSteps(long steps) {
            logEveryNSteps = Require.atLeast(0, steps, "logEveryNSteps", "0 means never");
            return this;
        }

        /**
         * How many batches are accumulated before the optimizer steps. Their gradients are averaged; a shorter window at the
         * end of an epoch is averaged over the batches it has.
         *
         * @param batches at least 1
         * @return this
         */
        public Builder accumulateGradBatches(int batches) {
            accumulateGradBatches = Require.atLeast(1, batches, "accumulateGradBatches", "1 means no accumulation");
            return this;
        }

        /**
         * Clips gradients before every optimizer step.
         *
         * @param value the largest norm, or magnitude of an element; 0 for no clipping
         * @return this
         */
        public Builder gradientClipVal(double value) {
            gradientClipVal = Require.notNegative(value, "gradientClipVal", "0 means no clipping");
            return this;
        }

        /**
         * How gradients are clipped.
         *
         * @param algorithm by global norm (the default) or by value
         * @return this
         */
        public Builder gradientClipAlgorithm(GradientClipAlgorithm algorithm) {
            gradientClipAlgorithm = Require.given(algorithm, "gradientClipAlgorithm");
            return this;
        }

        /**
         * A trial run: one batch of everything, one epoch, no loggers, no checkpoints, no files.
         *
         * @param enabled true for a trial run
         * @return this
         */
        public Builder fastDevRun(boolean enabled) {
            fastDevRun = enabled ? 1 : 0;
            return this;
        }

        /**
         * A trial run over a few batches.
         *
         * @param batches how many of everything; 0 for no trial run
         * @return this
         */
        public Builder fastDevRun(int batches) {
            fastDevRun = Require.atLeast(0, batches, "fastDevRun", "0 means off");
            return this;
        }

        /**
         * The seed everything random derives from. Without one, a seed is drawn, reported and saved.
         *
         * @param value any long
         * @return this
         */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * The number of threads libtorch uses for one operation, for the whole process. It changes the last bits of results.
         *
         * @param count at least 1; by default libtorch decides
         * @return this
         */
        public Builder threads(int count) {
            threads = Require.atLeast(1, count, "threads", "leave it out to let libtorch decide");
            return this;
        }

        /**
         * Whether cuDNN tries its algorithms out for each new shape and keeps the fastest: faster where shapes repeat, but
         * another algorithm may be taken in another process, so runs on a GPU are then not promised to end with the same bits.
         *
         * @param enabled off by default; of no effect on a CPU
         * @return this
         */
        public Builder benchmark(boolean enabled) {
            benchmark = enabled;
            return this;
        }

        /**
         * Whether the first number in training that is not finite ends the fit: in a batch, in what a layer that the module
         * calls gives, in the loss or in a gradient. The {@link io.github.lightning4j.AnomalyException} names tensor, layer,
         * batch and samples, and the batch is written to {@code anomaly.safetensors} in the run directory. For debugging: each
         * layer's output is read.
         *
         * @param enabled off by default
         * @return this
         */
        public Builder detectAnomaly(boolean enabled) {
            detectAnomaly = enabled;
            return this;
        }

        /**
         * What to run on.
         *
         * @param value {@code AUTO} by default
         * @return this
         */
        public Builder accelerator(Accelerator value) {
            accelerator = Require.given(value, "accelerator");
            return this;
        }

        /**
         * Which GPU to run on.
         *
         * @param index its index, from 0; {@link #build} refuses one above 0 that is not there
         * @return this
         */
        public Builder device(int index) {
            deviceIndex = Require.atLeast(0, index, "device", "it is the index of a GPU");
            return this;
        }

        /**
         * The dtype of new parameters.
         *
         * @param value {@code FLOAT32} (the default), {@code FLOAT64} or {@code FLOAT16}
         * @return this
         */
        public Builder precision(DataType value) {
            if (!DataTypes.trainable().contains(Require.given(value, "precision"))) {
                throw new ConfigurationException("precision is " + value
                        + ", which DJL's PyTorch engine cannot train; use " + DataTypes.trainableNames() + ".");
            }
            precision = value;
            return this;
        }

        /**
         * Adds callbacks.
         *
         * @param added the callbacks, called in this order
         * @return this
         */
        public Builder callbacks(Callback... added) {
            callbacks.addAll(Require.allGiven(added, "callbacks"));
            return this;
        }

        /**
         * Sets the loggers in place of the default, a {@code CsvLogger}.
         *
         * @param chosen the loggers; none switches logging off
         * @return this
         * @throws ConfigurationException if two of them write one file
         */
        public Builder loggers(Logger... chosen) {
            List<Logger> given = Require.allGiven(chosen, "loggers");
            LoggerFiles.requireDistinct(given);
            loggers = given;
            return this;
        }

        /**
         * Whether progress is shown when no {@code ProgressBar} was given.
         *
         * @param enabled true by default
         * @return this
         */
        public Builder enableProgressBar(boolean enabled) {
            enableProgressBar = enabled;
            return this;
        }

        /**
         * Whether a summary of the module is printed when a fit starts.
         *
         * @param enabled true by default
         * @return this
         */
        public Builder enableModelSummary(boolean enabled) {
            enableModelSummary = enabled;
            return this;
        }

        /**
         * Whether {@code validate} and {@code test} print a table of their results to the standard output.
         *
         * @param enabled true by default
         * @return this
         */
        public Builder enableResultTable(boolean enabled) {
            enableResultTable = enabled;
            return this;
        }

        /**
         * Whether checkpoints are saved when no callback was given that saves some.
         *
         * @param enabled true by default
         * @return this
         */
        public Builder enableCheckpointing(boolean enabled) {
            enableCheckpointing = enabled;
            return this;
        }

        /**
         * Where run directories are made: {@code root/lightning_logs/n}.
         *
         * @param root a directory; by default the current one
         * @return this
         */
        public Builder defaultRootDir(Path root) {
            defaultRootDir = Require.given(root, "defaultRootDir");
            return this;
        }

        /**
         * The name between root and number of a run directory.
         *
         * @param name a single folder name; {@code lightning_logs} by default
         * @return this
         */
        public Builder runName(String name) {
            FileName.require(Require.given(name, "runName"), "runName");
            boolean oneFolder =
                    Path.of(name).getNameCount() == 1 && !Path.of(name).isAbsolute();
            Require.that(
                    !name.isBlank() && oneFolder && !name.startsWith("."),
                    "runName",
                    "'" + name + "'",
                    "one folder name",
                    "");
            runName = name;
            return this;
        }

        /**
         * The run directory itself, in place of {@code root/name/n}. One that holds a run is refused unless it is resumed.
         *
         * @param directory the directory; made if missing
         * @return this
         */
        public Builder runDirectory(Path directory) {
            runDirectory = Require.given(directory, "runDirectory");
            return this;
        }

        /**
         * Whether the same command run again goes on from the newest good checkpoint of its run directory, or starts fresh if
         * there is none. Needs {@link #runDirectory}.
         *
         * @param enabled false by default
         * @return this
         */
        public Builder autoResume(boolean enabled) {
            autoResume = enabled;
            return this;
        }

        /**
         * How long a fit waits for another run that writes to the same directory, be it its run directory or the {@code
         * dirpath} of a {@code ModelCheckpoint}. A run that was killed is not waited for. {@link #requestStop} and an
         * interrupt of the thread end the wait.
         *
         * @param time zero or more; by default zero: such a fit is refused at once
         * @return this
         * @throws ConfigurationException if {@code time} is negative
         */
        public Builder waitForRunDirectory(Duration time) {
            Require.given(time, "waitForRunDirectory");
            Require.that(!time.isNegative(), "waitForRunDirectory", time, "zero or more", "Zero refuses at once.");
            waitForRunDirectory = time.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : time;
            return this;
        }

        /**
         * Whether checkpoints are written by a thread of their own, from a copy of the state, while training goes on. What
         * fails there comes out of the next step; the end of the run waits for it.
         *
         * @param enabled false by default: the training waits until each checkpoint is in place
         * @return this
         */
        public Builder backgroundCheckpoints(boolean enabled) {
            backgroundCheckpoints = enabled;
            return this;
        }

        /**
         * What a fit does when the process is told to end, by SIGTERM or SIGINT (Ctrl-C).
         *
         * @param policy by default {@code SAVE_AND_EXIT} if {@code fit} is called on the main thread, else {@code NONE}
         * @return this
         */
        public Builder signals(SignalPolicy policy) {
            signals = Require.given(policy, "signals");
            return this;
        }

        /**
         * Sets what measures where the time of runs goes. Without one nothing is measured.
         *
         * @param chosen for instance a {@code SimpleProfiler}
         * @return this
         */
        public Builder profiler(Profiler chosen) {
            profiler = Require.given(chosen, "profiler");
            return this;
        }

        /**
         * Builds the Trainer.
         *
         * @return the Trainer
         * @throws ConfigurationException if the engine is missing, the device does not exist, or options exclude each other
         */
        public Trainer build() {
            if (autoResume && runDirectory == null) {
                throw new ConfigurationException(
                        "autoResume(true) needs runDirectory(...): otherwise every start makes a new"
                                + " directory, and there is nothing to resume.");
            }
            checkOrder("minEpochs", minEpochs, "maxEpochs", maxEpochs);
            checkOrder("minSteps", minSteps, "maxSteps", maxSteps);
            try {
                TorchRuntime.load();
            } catch (IllegalStateException e) {
                throw new ConfigurationException(String.valueOf(e.getMessage()), e);
            }
            return new Trainer(options(), signals);
        }

        private TrainerOptions options() {
            boolean trial = fastDevRun > 0;
            StopLimits stop = new StopLimits(epochLimit(), minEpochs, maxSteps, minSteps, maxTime);
            Intervals intervals = new Intervals(valCheckInterval, logEveryNSteps, reloadDataLoadersEveryNEpochs);
            return new TrainerOptions(
                    trial ? stop.ofTrialRun() : stop,
                    trial ? BatchLimits.ofTrialRun(fastDevRun) : batchLimits(),
                    trial ? intervals.ofTrialRun() : intervals,
                    new GradientOptions(accumulateGradBatches, gradientClipVal, gradientClipAlgorithm, detectAnomaly),
                    new Compute(chooseDevice(), precision, threads, benchmark),
                    storage(),
                    new Display(enableProgressBar, enableModelSummary, enableResultTable),
                    List.copyOf(callbacks),
                    loggers,
                    seed,
                    trial,
                    profiler,
                    false);
        }

        private BatchLimits batchLimits() {
            return new BatchLimits(
                    overfitBatches == null ? limitTrainBatches : overfitBatches,
                    overfitBatches == null ? limitValBatches : overfitBatches,
                    limitTestBatches,
                    limitPredictBatches,
                    numSanityValSteps,
                    overfitBatches != null);
        }

        private Storage storage() {
            return new Storage(
                    defaultRootDir,
                    runName,
                    runDirectory,
                    autoResume,
                    waitForRunDirectory,
                    enableCheckpointing && fastDevRun == 0,
                    backgroundCheckpoints);
        }

        private long epochLimit() {
            if (fastDevRun > 0 || maxEpochs >= 0 || maxSteps >= 0 || maxTime != null) {
                return maxEpochs;
            }
            LOG.info(
                    "None of maxEpochs, maxSteps and maxTime was given: a fit ends after {} epochs",
                    DEFAULT_MAX_EPOCHS);
            return DEFAULT_MAX_EPOCHS;
        }

        private Device chooseDevice() {
            if (accelerator == Accelerator.CPU) {
                Require.that(
                        deviceIndex == 0, "device", deviceIndex, "left out with accelerator(CPU)", "it is a GPU's");
                return TorchRuntime.device(-1);
            }
            int gpus = TorchRuntime.gpuCount();
            boolean needed = accelerator == Accelerator.GPU || deviceIndex > 0;
            if (needed && deviceIndex >= gpus) {
                throw new ConfigurationException("accelerator(" + accelerator + ") with device(" + deviceIndex
                        + ") was asked for, but libtorch has " + gpus
                        + " GPUs here. Use accelerator(CPU), or AUTO without a device, or add pytorch-native-cu128 and a"
                        + " CUDA driver.");
            }
            return TorchRuntime.device(gpus > 0 ? deviceIndex : -1);
        }

        private static void checkOrder(String lowName, long low, String highName, long high) {
            if (high >= 0 && low > high) {
                throw new ConfigurationException(lowName + "(" + low + ") is above " + highName + "(" + high
                        + "), so the fit would end before it may. Lower the one or raise the other.");
            }
        }
    }
}
