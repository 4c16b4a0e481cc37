package io.github.lightning4j;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a logged value is treated. Immutable: keep it in a constant, since the hot path compares references.
 *
 * <pre>{@code
 * private static final LogOptions ON_BAR = LogOptions.progressBar();
 * private static final LogOptions BOTH = LogOptions.defaults().onStep(true).onEpoch(true);
 * }</pre>
 *
 * <p>What is left open follows the hook that logs, as in PyTorch Lightning: a training step logs per step, everything
 * else per epoch.
 */
public final class LogOptions {
    private static final LogOptions DEFAULTS =
            new LogOptions(null, null, false, true, Reduction.MEAN, 0, StepValue.SO_FAR);

    private static final LogOptions ON_PROGRESS_BAR = DEFAULTS.onProgressBar(true);

    private final @Nullable Boolean onStep;
    private final @Nullable Boolean onEpoch;
    private final boolean progressBar;
    private final boolean logger;
    private final Reduction reduction;
    private final int batchSize;
    private final StepValue stepValue;

    private LogOptions(
            @Nullable Boolean onStep,
            @Nullable Boolean onEpoch,
            boolean progressBar,
            boolean logger,
            Reduction reduction,
            int batchSize,
            StepValue stepValue) {
        this.onStep = onStep;
        this.onEpoch = onEpoch;
        this.progressBar = progressBar;
        this.logger = logger;
        this.reduction = reduction;
        this.batchSize = batchSize;
        this.stepValue = stepValue;
    }

    /**
     * The hook's own defaults: to the loggers, not on the progress bar, mean over the epoch.
     *
     * @return the options
     */
    public static LogOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The defaults, shown on the progress bar as well.
     *
     * @return the options
     */
    public static LogOptions progressBar() {
        return ON_PROGRESS_BAR;
    }

    /**
     * Whether the value of every single step is logged.
     *
     * @param enabled true to log each step's value
     * @return the changed copy
     */
    public LogOptions onStep(boolean enabled) {
        return new LogOptions(enabled, onEpoch, progressBar, logger, reduction, batchSize, stepValue);
    }

    /**
     * Whether the values are reduced over the epoch and logged at its end.
     *
     * @param enabled true to log the epoch's value
     * @return the changed copy
     */
    public LogOptions onEpoch(boolean enabled) {
        return new LogOptions(onStep, enabled, progressBar, logger, reduction, batchSize, stepValue);
    }

    /**
     * Whether the value appears on the progress bar.
     *
     * @param enabled true to show it
     * @return the changed copy
     */
    public LogOptions onProgressBar(boolean enabled) {
        return new LogOptions(onStep, onEpoch, enabled, logger, reduction, batchSize, stepValue);
    }

    /**
     * Whether the value goes to the loggers.
     *
     * @param enabled false to keep it from the loggers
     * @return the changed copy
     */
    public LogOptions toLogger(boolean enabled) {
        return new LogOptions(onStep, onEpoch, progressBar, enabled, reduction, batchSize, stepValue);
    }

    /**
     * How the epoch's value is made.
     *
     * @param value the reduction
     * @return the changed copy
     */
    public LogOptions reduce(Reduction value) {
        return new LogOptions(onStep, onEpoch, progressBar, logger, value, batchSize, stepValue);
    }

    /**
     * The weight of each value in the epoch's mean, where it is not the batch's own size.
     *
     * @param value the number of samples, at least 1
     * @return the changed copy
     * @throws ConfigurationException if {@code value} is below 1
     */
    public LogOptions batchSize(int value) {
        Require.atLeast(1, value, "LogOptions.batchSize", "it is the number of samples that a value stands for");
        return new LogOptions(onStep, onEpoch, progressBar, logger, reduction, value, stepValue);
    }

    /**
     * Which value of a {@link Metric} is that of a step; numbers and arrays are of one step in any case.
     *
     * @param value {@link StepValue#SO_FAR} by default
     * @return the changed copy
     */
    public LogOptions stepValue(StepValue value) {
        return new LogOptions(
                onStep, onEpoch, progressBar, logger, reduction, batchSize, Require.given(value, "the stepValue"));
    }

    /**
     * Whether each step's value is logged.
     *
     * @param hookDefault what the hook does when nothing was said
     * @return the choice
     */
    public boolean isOnStep(boolean hookDefault) {
        return onStep == null ? hookDefault : onStep;
    }

    /**
     * Whether the epoch's value is logged.
     *
     * @param hookDefault what the hook does when nothing was said
     * @return the choice
     */
    public boolean isOnEpoch(boolean hookDefault) {
        return onEpoch == null ? hookDefault : onEpoch;
    }

    /**
     * Whether the value is shown on the progress bar.
     *
     * @return the choice
     */
    public boolean isOnProgressBar() {
        return progressBar;
    }

    /**
     * Whether the value goes to the loggers.
     *
     * @return the choice
     */
    public boolean isToLogger() {
        return logger;
    }

    /**
     * How the epoch's value is made.
     *
     * @return the reduction
     */
    public Reduction reduction() {
        return reduction;
    }

    /**
     * The batch size given, if any.
     *
     * @return the number of samples, or 0 to find it from the batch
     */
    public int batchSize() {
        return batchSize;
    }

    /**
     * Which value of a metric is that of a step.
     *
     * @return the choice
     */
    public StepValue stepValue() {
        return stepValue;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LogOptions that
                && Objects.equals(onStep, that.onStep)
                && Objects.equals(onEpoch, that.onEpoch)
                && progressBar == that.progressBar
                && logger == that.logger
                && reduction == that.reduction
                && batchSize == that.batchSize
                && stepValue == that.stepValue;
    }

    @Override
    public int hashCode() {
        return Objects.hash(onStep, onEpoch, progressBar, logger, reduction, batchSize, stepValue);
    }

    @Override
    public String toString() {
        return "onStep=" + (onStep == null ? "default" : onStep)
                + ", onEpoch=" + (onEpoch == null ? "default" : onEpoch)
                + ", progressBar=" + progressBar
                + ", logger=" + logger
                + ", reduction=" + reduction
                + ", batchSize=" + (batchSize == 0 ? "from the batch" : batchSize)
                + (stepValue == StepValue.SO_FAR ? "" : ", stepValue=" + stepValue);
    }
}
