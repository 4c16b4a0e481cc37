package io.github.lightning4j.callback;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Mode;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The options of a {@link ModelCheckpoint}. */
public final class ModelCheckpointBuilder {
    @Nullable
    String monitor;

    Mode mode = Mode.MIN;
    int saveTopK = 1;
    boolean saveLast;
    String filename = "epoch={epoch}-step={step}";
    long everyNTrainSteps;
    long everyNEpochs;
    long everyNanos;
    boolean saveOnException;
    boolean saveWeightsOnly;

    @Nullable
    Path dirpath;

    private boolean modeGiven;

    ModelCheckpointBuilder() {}

    /**
     * The metric that says which checkpoints are better.
     *
     * @param metric the name it is logged under; by default none, so that newer ones are better
     * @return this
     */
    public ModelCheckpointBuilder monitor(String metric) {
        monitor = metric;
        return this;
    }

    /**
     * Which way the metric is better.
     *
     * @param value by default {@code MIN}, as for a loss
     * @return this
     */
    public ModelCheckpointBuilder mode(Mode value) {
        mode = value;
        modeGiven = true;
        return this;
    }

    /**
     * How many checkpoints are kept: the best, or without a metric the newest.
     *
     * @param count 1 by default; -1 keeps all, 0 none
     * @return this
     * @throws ConfigurationException if {@code count} is below -1
     */
    public ModelCheckpointBuilder saveTopK(int count) {
        if (count < CheckpointShelf.ALL) {
            throw new ConfigurationException(
                    "ModelCheckpoint saveTopK is " + count + ", but must be 0 or more, or -1 to keep all.");
        }
        saveTopK = count;
        return this;
    }

    /**
     * Whether {@code last.safetensors} is written as well each time, be it one of the best or not. It is what a run is
     * resumed from when only the best are kept otherwise.
     *
     * @param value by default false
     * @return this
     */
    public ModelCheckpointBuilder saveLast(boolean value) {
        saveLast = value;
        return this;
    }

    /**
     * The name of the files, without their extension.
     *
     * @param template a text with placeholders: {@code {epoch}}, {@code {step}} and any metric, with an optional format as
     *     in {@code {epoch:03d}} and {@code {val_loss:.2f}}; by default {@code epoch={epoch}-step={step}}
     * @return this
     * @throws ConfigurationException if it holds a path separator or a format that is not understood
     */
    public ModelCheckpointBuilder filename(String template) {
        filename = template;
        new CheckpointName(template);
        return this;
    }

    /**
     * Saves whenever the global step is a multiple of this.
     *
     * @param steps optimizer steps, 1 or more
     * @return this
     * @throws ConfigurationException if {@code steps} is below 1
     */
    public ModelCheckpointBuilder everyNTrainSteps(long steps) {
        everyNTrainSteps = positive("everyNTrainSteps", steps);
        return this;
    }

    /**
     * Saves after every so many epochs; a metric that validations log is looked at after each validation of such an epoch.
     *
     * @param epochs 1 or more; 1 by default if no other trigger is given
     * @return this
     * @throws ConfigurationException if {@code epochs} is below 1
     */
    public ModelCheckpointBuilder everyNEpochs(long epochs) {
        everyNEpochs = positive("everyNEpochs", epochs);
        return this;
    }

    /**
     * Saves after the first step that ends so long after the last save. Which step that is depends on the machine's speed.
     *
     * @param time above zero
     * @return this
     * @throws ConfigurationException if {@code time} is zero or negative
     */
    public ModelCheckpointBuilder every(Duration time) {
        if (time.isZero() || time.isNegative()) {
            throw new ConfigurationException("ModelCheckpoint every is " + time + ", but must be above zero.");
        }
        everyNanos = time.toNanos();
        return this;
    }

    /**
     * Whether an exception that ends the run saves {@code epoch=E-step=S-exception.safetensors} first.
     *
     * @param value by default false
     * @return this
     */
    public ModelCheckpointBuilder saveOnException(boolean value) {
        saveOnException = value;
        return this;
    }

    /**
     * Whether files hold the weights alone. They are smaller, and no run can be resumed from them.
     *
     * @param value by default false
     * @return this
     */
    public ModelCheckpointBuilder saveWeightsOnly(boolean value) {
        saveWeightsOnly = value;
        return this;
    }

    /**
     * The folder to save to.
     *
     * @param folder by default {@code checkpoints} in the run directory
     * @return this
     */
    public ModelCheckpointBuilder dirpath(Path folder) {
        dirpath = folder;
        return this;
    }

    private static long positive(String option, long value) {
        if (value < 1) {
            throw new ConfigurationException("ModelCheckpoint " + option + " is " + value + ", but must be 1 or more.");
        }
        return value;
    }

    /**
     * Makes the callback.
     *
     * @return the callback
     * @throws ConfigurationException if the options contradict each other
     */
    public ModelCheckpoint build() {
        if (monitor == null && modeGiven) {
            throw new ConfigurationException("ModelCheckpoint mode is " + mode
                    + ", but no metric is monitored. Call monitor(\"val_loss\"), say, or leave mode out.");
        }
        if (saveTopK == 0 && !saveLast && !saveOnException) {
            throw new ConfigurationException("ModelCheckpoint saveTopK is 0, so nothing would ever be saved. Call"
                    + " saveLast(true) or saveOnException(true), or leave the callback out.");
        }
        return new ModelCheckpoint(this);
    }
}
