package io.github.lightning4j.callback;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long each stage takes, and ends a fit that has trained for some time.
 *
 * <pre>{@code
 * Timer timer = Timer.builder().duration(Duration.ofHours(12)).interval(Timer.Interval.EPOCH).build();
 * }</pre>
 *
 * <p>The times are saved with checkpoints, so a fit that is resumed has the rest of its duration; one that it has ended goes
 * on if it is started again with a longer one. Validation and sanity check count for themselves; the validations of a fit are
 * part of its training time as well.
 *
 * <p>Unlike the Trainer's {@code maxTime} it can wait for the end of the epoch, and tells the times. Source: <a
 * href="https://lightning.ai/docs/pytorch/stable/api/lightning.pytorch.callbacks.Timer.html">Timer</a> of PyTorch Lightning.
 */
public final class Timer implements Callback {
    private static final String USED_UP = "the duration of the Timer is used up";

    /** When the time is looked at. */
    public enum Interval {
        /** After every training batch. */
        STEP,
        /** At the end of every training epoch. */
        EPOCH
    }

    private final @Nullable Duration duration;
    private final Interval interval;
    private final Map<Stage, Long> nanos = new EnumMap<>(Stage.class);
    private final Map<Stage, Long> startedAt = new EnumMap<>(Stage.class);

    private Timer(Builder builder) {
        duration = builder.duration;
        interval = builder.interval;
    }

    /**
     * Starts with a timer that only measures.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link Timer}. */
    public static final class Builder {
        private @Nullable Duration duration;
        private Interval interval = Interval.STEP;

        private Builder() {}

        /**
         * Sets how long a fit may train, over all of its starts; without limit by default.
         *
         * @param value above zero
         * @return this
         * @throws ConfigurationException if it is not above zero
         */
        public Builder duration(Duration value) {
            duration = Require.positive(value, "Timer duration");
            return this;
        }

        /**
         * Sets when the time is looked at; after every batch by default.
         *
         * @param value when
         * @return this
         */
        public Builder interval(Interval value) {
            interval = Require.given(value, "Timer interval");
            return this;
        }

        /**
         * Builds the callback.
         *
         * @return the callback
         */
        public Timer build() {
            return new Timer(this);
        }
    }

    /**
     * How long a stage has run, up to now if it is running: in this run over all of its starts.
     *
     * @param stage the stage
     * @return zero if it has not run
     */
    public Duration elapsed(Stage stage) {
        Long since = startedAt.get(stage);
        return Duration.ofNanos(nanos.getOrDefault(stage, 0L) + (since == null ? 0 : System.nanoTime() - since));
    }

    /**
     * How long the fit may still train.
     *
     * @return zero once the duration is used up; empty without a duration
     */
    public Optional<Duration> remaining() {
        return Optional.ofNullable(duration).map(limit -> {
            Duration rest = limit.minus(elapsed(Stage.TRAIN));
            return rest.isNegative() ? Duration.ZERO : rest;
        });
    }

    @Override
    public void setup(Run run, Stage stage) {
        startedAt.clear();
        if (stage == Stage.TRAIN) {
            nanos.clear();
        } else {
            nanos.remove(stage);
        }
    }

    private void start(Stage stage) {
        startedAt.put(stage, System.nanoTime());
    }

    private void stop(Stage stage) {
        nanos.put(stage, elapsed(stage).toNanos());
        startedAt.remove(stage);
    }

    @Override
    public boolean wouldGoOn(StateReader saved) {
        return duration == null || saved.child(StateWriter.VOLATILE).getLong(Stage.TRAIN.name()) < duration.toNanos();
    }

    @Override
    public void onTrainStart(Run run) {
        start(Stage.TRAIN);
        if (isUp()) {
            run.requestStop(USED_UP);
        } else {
            run.withdrawStop(USED_UP);
        }
    }

    private boolean isUp() {
        return duration != null && elapsed(Stage.TRAIN).compareTo(duration) >= 0;
    }

    @Override
    public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
        if (interval == Interval.STEP && isUp()) {
            run.requestStop(USED_UP);
        }
    }

    @Override
    public void onTrainEpochEnd(Run run) {
        if (isUp()) {
            run.requestStop(USED_UP);
        }
    }

    @Override
    public void onTrainEnd(Run run) {
        stop(Stage.TRAIN);
    }

    @Override
    public void onValidationStart(Run run) {
        start(run.stage());
    }

    @Override
    public void onValidationEnd(Run run) {
        stop(run.stage());
    }

    @Override
    public void onTestStart(Run run) {
        start(Stage.TEST);
    }

    @Override
    public void onTestEnd(Run run) {
        stop(Stage.TEST);
    }

    @Override
    public void onPredictStart(Run run) {
        start(Stage.PREDICT);
    }

    @Override
    public void onPredictEnd(Run run) {
        stop(Stage.PREDICT);
    }

    @Override
    public void save(StateWriter state) {
        StateWriter times = state.child(StateWriter.VOLATILE);
        for (Stage stage : Stage.values()) {
            times.putLong(stage.name(), elapsed(stage).toNanos());
        }
    }

    @Override
    public void load(StateReader state) {
        StateReader times = state.child(StateWriter.VOLATILE);
        for (Stage stage : Stage.values()) {
            nanos.put(stage, times.getLong(stage.name(), 0));
        }
    }
}
