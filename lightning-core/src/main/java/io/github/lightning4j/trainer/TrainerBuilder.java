package io.github.lightning4j.trainer;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Every;
import io.github.lightning4j.GradientClipAlgorithm;
import io.github.lightning4j.Limit;
import io.github.lightning4j.Logger;
import io.github.lightning4j.internal.torch.DataTypes;
import io.github.lightning4j.internal.torch.TorchRuntime;
import io.github.lightning4j.trainer.internal.loop.LoopOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Builds a {@link Trainer}. A value out of range is refused by the call that gives it. */
public final class TrainerBuilder {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(TrainerBuilder.class);
    private static final long DEFAULT_MAX_EPOCHS = 1000;
    private static final Set<DataType> DATA_TYPES = DataTypes.trainable();

    private long maxEpochs = -1;
    private long minEpochs;
    private long maxSteps = -1;
    private long minSteps;
    private @Nullable Duration maxTime;
    private Limit limitTrain = Limit.all();
    private Limit limitVal = Limit.all();
    private Limit limitTest = Limit.all();
    private Limit limitPredict = Limit.all();
    private Every valCheckInterval = Every.epochs(1);
    private long sanityValBatches = 2;
    private long logEveryNSteps = 50;
    private int accumulateGradBatches = 1;
    private double gradientClipVal;
    private GradientClipAlgorithm gradientClipAlgorithm = GradientClipAlgorithm.NORM;
    private int fastDevRun;
    private Accelerator accelerator = Accelerator.AUTO;
    private int deviceIndex;
    private DataType dataType = DataType.FLOAT32;
    private @Nullable Long seed;
    private int threads;
    private final List<Callback> callbacks = new ArrayList<>();
    private @Nullable List<Logger> loggers;
    private boolean progressBar = true;
    private boolean modelSummary = true;
    private boolean checkpointing = true;
    private Path defaultRootDir = Path.of("");
    private String runName = "lightning_logs";
    private @Nullable Path runDirectory;
    private boolean autoResume;
    private boolean backgroundCheckpoints;
    private @Nullable SignalPolicy signals;

    TrainerBuilder() {}

    /**
     * The number of epochs after which a fit ends.
     *
     * @param epochs 0 or more, or -1 for no limit; 1000 if neither this, {@link #maxSteps} nor {@link #maxTime} is given
     * @return this builder
     */
    public TrainerBuilder maxEpochs(long epochs) {
        maxEpochs = atLeast(-1, epochs, "maxEpochs", "-1 means no limit");
        return this;
    }

    /**
     * The number of epochs before which no callback can end a fit.
     *
     * @param epochs 0 or more
     * @return this builder
     */
    public TrainerBuilder minEpochs(long epochs) {
        minEpochs = atLeast(0, epochs, "minEpochs", "0 means none");
        return this;
    }

    /**
     * The number of optimizer steps after which a fit ends.
     *
     * @param steps 0 or more, or -1 for no limit
     * @return this builder
     */
    public TrainerBuilder maxSteps(long steps) {
        maxSteps = atLeast(-1, steps, "maxSteps", "-1 means no limit");
        return this;
    }

    /**
     * The number of optimizer steps before which no callback can end a fit.
     *
     * @param steps 0 or more
     * @return this builder
     */
    public TrainerBuilder minSteps(long steps) {
        minSteps = atLeast(0, steps, "minSteps", "0 means none");
        return this;
    }

    /**
     * The time after which a fit ends, at the next batch.
     *
     * @param time above zero
     * @return this builder
     */
    public TrainerBuilder maxTime(Duration time) {
        if (time.isZero() || time.isNegative()) {
            throw new ConfigurationException("maxTime is " + time + ", but it must be above zero.");
        }
        maxTime = time;
        return this;
    }

    /**
     * How much of the training batches an epoch uses.
     *
     * @param limit the limit
     * @return this builder
     */
    public TrainerBuilder limitTrainBatches(Limit limit) {
        limitTrain = limit;
        return this;
    }

    /**
     * How much of each validation loader is used; {@code Limit.batches(0)} switches validation off.
     *
     * @param limit the limit
     * @return this builder
     */
    public TrainerBuilder limitValBatches(Limit limit) {
        limitVal = limit;
        return this;
    }

    /**
     * How much of each test loader is used.
     *
     * @param limit the limit
     * @return this builder
     */
    public TrainerBuilder limitTestBatches(Limit limit) {
        limitTest = limit;
        return this;
    }

    /**
     * How much of each prediction loader is used.
     *
     * @param limit the limit
     * @return this builder
     */
    public TrainerBuilder limitPredictBatches(Limit limit) {
        limitPredict = limit;
        return this;
    }

    /**
     * When a fit validates.
     *
     * @param interval in epochs, in parts of an epoch, in optimizer steps or in time; by default at the end of each epoch
     * @return this builder
     */
    public TrainerBuilder valCheckInterval(Every interval) {
        valCheckInterval = interval;
        return this;
    }

    /**
     * How many batches of each validation loader are run before training, to find mistakes early.
     *
     * @param batches 0 for none, -1 for all; 2 by default
     * @return this builder
     */
    public TrainerBuilder numSanityValSteps(long batches) {
        sanityValBatches = atLeast(-1, batches, "numSanityValSteps", "-1 means all, 0 none");
        return this;
    }

    /**
     * How many optimizer steps lie between two rows of step values in the loggers.
     *
     * @param steps 0 for no such rows; 50 by default
     * @return this builder
     */
    public TrainerBuilder logEveryNSteps(long steps) {
        logEveryNSteps = atLeast(0, steps, "logEveryNSteps", "0 means never");
        return this;
    }

    /**
     * How many batches are accumulated before the optimizer steps. Their gradients are averaged; a shorter window at the
     * end of an epoch is averaged over the batches it has.
     *
     * @param batches at least 1
     * @return this builder
     */
    public TrainerBuilder accumulateGradBatches(int batches) {
        accumulateGradBatches = (int) atLeast(1, batches, "accumulateGradBatches", "1 means no accumulation");
        return this;
    }

    /**
     * Clips gradients before every optimizer step.
     *
     * @param value the largest norm, or magnitude of an element; 0 for no clipping
     * @return this builder
     */
    public TrainerBuilder gradientClipVal(double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new ConfigurationException("gradientClipVal is " + value
                    + ", but it must be a finite number of 0 or more; 0 means no clipping.");
        }
        gradientClipVal = value;
        return this;
    }

    /**
     * How gradients are clipped.
     *
     * @param algorithm by global norm (the default) or by value
     * @return this builder
     */
    public TrainerBuilder gradientClipAlgorithm(GradientClipAlgorithm algorithm) {
        gradientClipAlgorithm = algorithm;
        return this;
    }

    /**
     * A trial run: one batch of everything, one epoch, no loggers, no checkpoints, no files.
     *
     * @param enabled true for a trial run
     * @return this builder
     */
    public TrainerBuilder fastDevRun(boolean enabled) {
        fastDevRun = enabled ? 1 : 0;
        return this;
    }

    /**
     * A trial run over a few batches.
     *
     * @param batches how many of everything; 0 for no trial run
     * @return this builder
     */
    public TrainerBuilder fastDevRun(int batches) {
        fastDevRun = (int) atLeast(0, batches, "fastDevRun", "0 means off");
        return this;
    }

    /**
     * The seed everything random derives from. Without one, a seed is drawn, reported and saved.
     *
     * @param value any long
     * @return this builder
     */
    public TrainerBuilder seed(long value) {
        seed = value;
        return this;
    }

    /**
     * The number of threads libtorch uses for one operation, for the whole process. It changes the last bits of results.
     *
     * @param count at least 1; by default libtorch decides
     * @return this builder
     */
    public TrainerBuilder threads(int count) {
        threads = (int) atLeast(1, count, "threads", "leave it out to let libtorch decide");
        return this;
    }

    /**
     * What to run on.
     *
     * @param value {@code AUTO} by default
     * @return this builder
     */
    public TrainerBuilder accelerator(Accelerator value) {
        accelerator = value;
        return this;
    }

    /**
     * Which GPU to run on.
     *
     * @param index its index, from 0
     * @return this builder
     */
    public TrainerBuilder device(int index) {
        deviceIndex = (int) atLeast(0, index, "device", "it is the index of a GPU");
        return this;
    }

    /**
     * The dtype of new parameters.
     *
     * @param value {@code FLOAT32} (the default), {@code FLOAT64} or {@code FLOAT16}
     * @return this builder
     */
    public TrainerBuilder precision(DataType value) {
        if (!DATA_TYPES.contains(value)) {
            throw new ConfigurationException("precision is " + value + ", which DJL's PyTorch engine cannot train; use "
                    + DataTypes.trainableNames() + ".");
        }
        dataType = value;
        return this;
    }

    /**
     * Adds callbacks.
     *
     * @param added the callbacks, called in this order
     * @return this builder
     */
    public TrainerBuilder callbacks(Callback... added) {
        callbacks.addAll(List.of(added));
        return this;
    }

    /**
     * Sets the loggers in place of the default, a {@code CsvLogger}.
     *
     * @param chosen the loggers; none switches logging off
     * @return this builder
     */
    public TrainerBuilder loggers(Logger... chosen) {
        loggers = List.of(chosen);
        return this;
    }

    /**
     * Whether progress is shown.
     *
     * @param enabled true by default
     * @return this builder
     */
    public TrainerBuilder enableProgressBar(boolean enabled) {
        progressBar = enabled;
        return this;
    }

    /**
     * Whether a summary of the module is printed when a fit starts.
     *
     * @param enabled true by default
     * @return this builder
     */
    public TrainerBuilder enableModelSummary(boolean enabled) {
        modelSummary = enabled;
        return this;
    }

    /**
     * Whether checkpoints are saved when no {@code ModelCheckpoint} was given.
     *
     * @param enabled true by default
     * @return this builder
     */
    public TrainerBuilder enableCheckpointing(boolean enabled) {
        checkpointing = enabled;
        return this;
    }

    /**
     * Where run directories are made: {@code root/lightning_logs/n}.
     *
     * @param root a directory; by default the current one
     * @return this builder
     */
    public TrainerBuilder defaultRootDir(Path root) {
        defaultRootDir = root;
        return this;
    }

    /**
     * The name between root and number of a run directory.
     *
     * @param name a single folder name; {@code lightning_logs} by default
     * @return this builder
     */
    public TrainerBuilder runName(String name) {
        if (name.isBlank() || Path.of(name).getNameCount() != 1 || Path.of(name).isAbsolute() || name.startsWith(".")) {
            throw new ConfigurationException("runName is '" + name + "', but it must be one folder name.");
        }
        runName = name;
        return this;
    }

    /**
     * The run directory itself, in place of {@code root/name/n}. One that holds a run is refused unless it is resumed.
     *
     * @param directory the directory; made if missing
     * @return this builder
     */
    public TrainerBuilder runDirectory(Path directory) {
        runDirectory = directory;
        return this;
    }

    /**
     * Whether the same command run again goes on from the newest good checkpoint of its run directory, or starts fresh if
     * there is none. Needs {@link #runDirectory}.
     *
     * @param enabled false by default
     * @return this builder
     */
    public TrainerBuilder autoResume(boolean enabled) {
        autoResume = enabled;
        return this;
    }

    /**
     * Whether checkpoints are written by a thread of their own, from a copy of the state, while training goes on. What
     * fails there comes out of the next step; the end of the run waits for it.
     *
     * @param enabled false by default: the training waits until each checkpoint is in place
     * @return this builder
     */
    public TrainerBuilder backgroundCheckpoints(boolean enabled) {
        backgroundCheckpoints = enabled;
        return this;
    }

    /**
     * What a fit does when the process is told to end, by SIGTERM or SIGINT (Ctrl-C).
     *
     * @param policy by default {@code SAVE_AND_EXIT} if {@code fit} is called on the main thread, else {@code NONE}
     * @return this builder
     */
    public TrainerBuilder signals(SignalPolicy policy) {
        signals = policy;
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
        return new Trainer(new TrainerOptions(
                loopOptions(chooseDevice()),
                seed,
                threads,
                List.copyOf(callbacks),
                fastDevRun > 0 ? List.of() : loggers,
                progressBar,
                modelSummary,
                checkpointing && fastDevRun == 0,
                defaultRootDir,
                runName,
                runDirectory,
                autoResume,
                backgroundCheckpoints,
                signals));
    }

    private LoopOptions loopOptions(Device device) {
        boolean trial = fastDevRun > 0;
        Limit few = Limit.batches(fastDevRun);
        return new LoopOptions(
                trial ? 1 : epochLimit(),
                trial ? 0 : minEpochs,
                trial ? -1 : maxSteps,
                trial ? 0 : minSteps,
                maxTime,
                trial ? few : limitTrain,
                trial ? few : limitVal,
                trial ? few : limitTest,
                trial ? few : limitPredict,
                trial ? Every.epochs(1) : valCheckInterval,
                trial ? 0 : sanityValBatches,
                logEveryNSteps,
                accumulateGradBatches,
                gradientClipVal,
                gradientClipAlgorithm,
                trial,
                device,
                dataType);
    }

    private long epochLimit() {
        if (maxEpochs >= 0 || maxSteps >= 0 || maxTime != null) {
            return maxEpochs;
        }
        LOG.info("None of maxEpochs, maxSteps and maxTime was given: a fit ends after {} epochs", DEFAULT_MAX_EPOCHS);
        return DEFAULT_MAX_EPOCHS;
    }

    private Device chooseDevice() {
        int gpus = accelerator == Accelerator.CPU ? 0 : TorchRuntime.gpuCount();
        if (accelerator == Accelerator.GPU && deviceIndex >= gpus) {
            throw new ConfigurationException(
                    "accelerator(GPU) with device(" + deviceIndex + ") was asked for, but libtorch"
                            + " has " + gpus
                            + " GPUs here. Use accelerator(CPU) or AUTO, or add pytorch-native-cu128 and a CUDA"
                            + " driver.");
        }
        return TorchRuntime.device(gpus > 0 ? Math.min(deviceIndex, gpus - 1) : -1);
    }

    private static void checkOrder(String lowName, long low, String highName, long high) {
        if (high >= 0 && low > high) {
            throw new ConfigurationException(lowName + "(" + low + ") is above " + highName + "(" + high
                    + "), so the fit would end before it may. Lower the one or raise the other.");
        }
    }

    private static long atLeast(long least, long value, String option, String remedy) {
        if (value < least) {
            throw new ConfigurationException(
                    option + " is " + value + ", but it must be " + least + " or more; " + remedy + ".");
        }
        return value;
    }
}
