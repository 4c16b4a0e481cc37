package io.github.lightning4j.callback;

import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Mode;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.metric.MonitoredMetric;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a fit when a metric gets no better.
 *
 * <pre>{@code
 * EarlyStopping.builder("val_loss").patience(5).build()
 * EarlyStopping.builder("val_acc").mode(Mode.MAX).minDelta(0.001).build()
 * }</pre>
 *
 * <p>A check is made at the end of each validation if the validation logs the metric, otherwise at the end of each
 * training epoch. In this order it asks to stop for a value that is not finite, for one that reaches the stopping
 * threshold, for one beyond the divergence threshold, and after {@code patience} checks in a row without improvement. A
 * request that {@code minEpochs} or {@code minSteps} hold back is withdrawn if the metric recovers in the meantime.
 *
 * <p>Progress is saved with checkpoints. Options given when a run is resumed count: a longer patience or other thresholds
 * take back a decision that would not be made with them.
 */
public final class EarlyStopping implements Callback {
    private static final Logger LOG = LoggerFactory.getLogger(EarlyStopping.class);

    private static final String JUDGED = "judged";

    private final String monitor;
    private final Mode mode;
    private final int patience;
    private final double minDelta;
    private final boolean strict;
    private final boolean checkFinite;
    private final double stoppingThreshold;
    private final double divergenceThreshold;

    private MonitoredMetric metric;
    private boolean validated;
    private long seen;
    private int waitCount;
    private double bestScore;
    private long stoppedEpoch = -1;
    private @Nullable String stopReason;
    /** The value of the last check. */
    private double judged;

    private boolean decisionIsFinal;

    private EarlyStopping(Builder builder) {
        monitor = builder.monitor;
        mode = builder.mode;
        patience = builder.patience;
        minDelta = builder.minDelta;
        strict = builder.strict;
        checkFinite = builder.checkFinite;
        stoppingThreshold = builder.stoppingThreshold;
        divergenceThreshold = builder.divergenceThreshold;
        metric = MonitoredMetric.of(monitor);
        bestScore = mode.worst();
    }

    /**
     * Starts with the metric to watch.
     *
     * @param monitor the name it is logged under
     * @return the builder
     */
    public static Builder builder(String monitor) {
        return new Builder(monitor);
    }

    /**
     * The checks in a row without improvement.
     *
     * @return the count, 0 after an improvement
     */
    public int waitCount() {
        return waitCount;
    }

    /**
     * The best value so far.
     *
     * @return the value; before the first check infinity, with the sign that everything beats
     */
    public double bestScore() {
        return bestScore;
    }

    /**
     * The epoch in which this callback asked to stop.
     *
     * @return the epoch, from 0, or -1 if it does not ask
     */
    public long stoppedEpoch() {
        return stoppedEpoch;
    }

    /**
     * Why this callback asks to stop.
     *
     * @return the reason in words, or null if it does not ask
     */
    public @Nullable String stopReason() {
        return stopReason;
    }

    @Override
    public String stateKey() {
        return "EarlyStopping[" + monitor.replace('/', '.') + ", " + mode + "]";
    }

    /** A new run starts anew; one that is resumed is loaded after this. */
    @Override
    public void setup(Run run, Stage stage) {
        if (stage == Stage.TRAIN) {
            metric = MonitoredMetric.of(monitor);
            validated = false;
            seen = 0;
            waitCount = 0;
            bestScore = mode.worst();
            stoppedEpoch = -1;
            stopReason = null;
            decisionIsFinal = false;
        }
    }

    /** A run that was ended goes on if it is resumed with more patience, or other thresholds. */
    @Override
    public void onTrainStart(Run run) {
        if (stopReason != null && !decisionIsFinal && reasonToStop(judged, waitCount, bestScore) == null) {
            run.withdrawStop(stopReason);
            stopReason = null;
            stoppedEpoch = -1;
        }
    }

    @Override
    public void onValidationStart(Run run) {
        if (MonitoredMetric.counts(run)) {
            metric.validationStarts(run);
        }
    }

    @Override
    public void onValidationEnd(Run run) {
        if (!MonitoredMetric.counts(run)) {
            return;
        }
        validated = true;
        metric.validationEnds(run);
        if (metric.isOfValidation()) {
            check(run);
        }
    }

    @Override
    public void onTrainEpochEnd(Run run) {
        if (!MonitoredMetric.counts(run)) {
            return;
        }
        if (validated || !run.hasValidation()) {
            metric.expectFromTraining();
        }
        if (metric.isOfTraining()) {
            check(run);
        }
    }

    private void check(Run run) {
        Double value = metric.value(run);
        if (value == null) {
            missing(run);
            return;
        }
        long arrived = run.timesLogged(monitor);
        if (arrived == seen) {
            return;
        }
        seen = arrived;
        boolean better = mode.isBetter(value, bestScore, minDelta);
        if (better) {
            bestScore = value;
        }
        waitCount = better ? 0 : waitCount + 1;
        if (stopReason != null) {
            run.withdrawStop(stopReason);
        }
        judged = value;
        stopReason = reasonToStop(value, waitCount, bestScore);
        stoppedEpoch = stopReason == null ? -1 : run.epoch();
        if (stopReason != null) {
            run.requestStop(stopReason);
        }
    }

    /** Judges what ended the run by the options of now. */
    @Override
    public boolean wouldGoOn(StateReader saved) {
        int waits = saved.getInt("wait_count", 0);
        return !saved.getString("stop_reason").isEmpty()
                && !isFinal(saved)
                && reasonToStop(judged(saved), waits, saved.getDouble("best_score")) == null;
    }

    /** Earlier versions did not save the value that was judged: only lost patience can be taken back there. */
    private static boolean isFinal(StateReader saved) {
        return !saved.has(JUDGED) && saved.getInt("wait_count", 0) < saved.getLong("patience");
    }

    private static double judged(StateReader saved) {
        return saved.getDouble(saved.has(JUDGED) ? JUDGED : "best_score");
    }

    private @Nullable String reasonToStop(double value, int waits, double best) {
        if (checkFinite && !Double.isFinite(value)) {
            return monitor + " = " + value + " is not finite; the best before was " + best;
        }
        if (mode.isBetter(value, stoppingThreshold, 0)) {
            return monitor + " = " + value + " reached the stopping threshold " + stoppingThreshold;
        }
        if (mode.isBetter(divergenceThreshold, value, 0)) {
            return monitor + " = " + value + " went beyond the divergence threshold " + divergenceThreshold;
        }
        if (waits >= patience) {
            return monitor + " has not improved" + (minDelta > 0 ? " by more than " + minDelta : "") + " in " + waits
                    + (waits == 1 ? " check" : " checks") + "; the best is " + best;
        }
        return null;
    }

    private void missing(Run run) {
        String message = metric.notLogged("EarlyStopping", run);
        if (strict) {
            throw new ConfigurationException(
                    message + " Log it, monitor another one, or call strict(false) to leave such checks out.");
        }
        LOG.warn("{} This check is left out.", message);
    }

    @Override
    public void save(StateWriter state) {
        metric.save(state);
        state.putBoolean("validated", validated);
        state.putLong("seen", seen);
        state.putLong("wait_count", waitCount);
        state.putDouble("best_score", bestScore);
        state.putLong("stopped_epoch", stoppedEpoch);
        state.putString("stop_reason", stopReason == null ? "" : stopReason);
        state.putLong("patience", patience);
        state.putDouble(JUDGED, judged);
    }

    @Override
    public void load(StateReader state) {
        metric.load(state);
        validated = state.getBoolean("validated");
        seen = state.has("seen") ? state.getLong("seen") : 0;
        waitCount = state.getInt("wait_count", 0);
        bestScore = state.getDouble("best_score");
        stoppedEpoch = state.getLong("stopped_epoch");
        String reason = state.getString("stop_reason");
        stopReason = reason.isEmpty() ? null : reason;
        long before = state.getLong("patience");
        judged = judged(state);
        decisionIsFinal = isFinal(state);
        if (before != patience) {
            LOG.info(
                    "{}: patience was {} when the run was saved and is {} now; the new value is used",
                    stateKey(),
                    before,
                    patience);
        }
    }

    /** The options of an {@link EarlyStopping}. */
    public static final class Builder {
        private final String monitor;
        private Mode mode = Mode.MIN;
        private int patience = 3;
        private double minDelta;
        private boolean strict = true;
        private boolean checkFinite = true;
        private double stoppingThreshold = Double.NaN;
        private double divergenceThreshold = Double.NaN;

        private Builder(String monitor) {
            this.monitor = Require.given(monitor, "EarlyStopping monitor");
        }

        /**
         * Which way the metric is better.
         *
         * @param value by default {@code MIN}, as for a loss
         * @return this
         */
        public Builder mode(Mode value) {
            mode = Require.given(value, "EarlyStopping mode");
            return this;
        }

        /**
         * How many checks in a row may pass without improvement.
         *
         * @param checks 1 or more, by default 3: the third check without improvement ends the fit
         * @return this
         * @throws ConfigurationException if {@code checks} is below 1
         */
        public Builder patience(int checks) {
            patience = Require.atLeast(1, checks, "EarlyStopping patience");
            return this;
        }

        /**
         * By how much a value has to be better to count.
         *
         * @param value 0 or more, by default 0; exactly this much is not enough
         * @return this
         * @throws ConfigurationException if {@code value} is negative or not finite
         */
        public Builder minDelta(double value) {
            minDelta = Require.notNegative(value, "EarlyStopping minDelta", "the direction is given by mode");
            return this;
        }

        /**
         * Whether a metric that does not exist is an error at the first check.
         *
         * @param value by default true; false leaves such checks out with a warning
         * @return this
         */
        public Builder strict(boolean value) {
            strict = value;
            return this;
        }

        /**
         * Whether NaN or an infinite value ends the fit.
         *
         * @param value by default true
         * @return this
         */
        public Builder checkFinite(boolean value) {
            checkFinite = value;
            return this;
        }

        /**
         * Ends the fit once the metric is better than this.
         *
         * @param value the threshold; by default none
         * @return this
         * @throws ConfigurationException if {@code value} is NaN
         */
        public Builder stoppingThreshold(double value) {
            stoppingThreshold = requireNumber("stoppingThreshold", value);
            return this;
        }

        /**
         * Ends the fit once the metric is worse than this.
         *
         * @param value the threshold; by default none
         * @return this
         * @throws ConfigurationException if {@code value} is NaN
         */
        public Builder divergenceThreshold(double value) {
            divergenceThreshold = requireNumber("divergenceThreshold", value);
            return this;
        }

        /**
         * Makes the callback.
         *
         * @return the callback
         */
        public EarlyStopping build() {
            return new EarlyStopping(this);
        }

        private static double requireNumber(String option, double value) {
            boolean number = !Double.isNaN(value);
            Require.that(number, "EarlyStopping " + option, value, "a number", "leave it out for no threshold");
            return value;
        }
    }
}
