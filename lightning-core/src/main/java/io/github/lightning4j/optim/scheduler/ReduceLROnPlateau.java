package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LrScheduler;
import io.github.lightning4j.Mode;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.Require;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.List;

/**
 * Multiplies the rate by a factor when a metric has not improved for more than {@code patience} steps; never below
 * {@code minLr}, and at most once in {@code cooldown} steps. It needs a monitored metric:
 *
 * <pre>{@code
 * return sgd.withScheduler(new ReduceLROnPlateau(sgd)).monitor("val_loss");
 * }</pre>
 *
 * <p>Defaults: mode min, factor 0.1, patience 10, threshold 1e-4 relative, cooldown 0, minLr 0, eps 1e-8.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html">torch's
 *     ReduceLROnPlateau</a>
 */
public final class ReduceLROnPlateau implements LrScheduler {
    /** How the threshold is meant. */
    public enum ThresholdMode {
        /** As a part of the best value: better is below {@code best · (1 - threshold)}, or above {@code best · (1 + threshold)}. */
        REL,
        /** As a difference: better is below {@code best - threshold}, or above {@code best + threshold}. */
        ABS
    }

    private final Optimizer optimizer;
    private final Mode mode;
    private final double factor;
    private final long patience;
    private final double threshold;
    private final ThresholdMode thresholdMode;
    private final long cooldown;
    private final double[] minLr;
    private final double eps;
    private double best;
    private long badSteps;
    private long cooldownLeft;
    private long step;
    private double[] lastLr;

    /**
     * Creates the schedule with torch's defaults.
     *
     * @param optimizer the optimizer
     */
    public ReduceLROnPlateau(Optimizer optimizer) {
        this(builder(optimizer));
    }

    private ReduceLROnPlateau(Builder builder) {
        optimizer = builder.optimizer;
        mode = builder.mode;
        factor = builder.factor;
        patience = builder.patience;
        threshold = builder.threshold;
        thresholdMode = builder.thresholdMode;
        cooldown = builder.cooldown;
        minLr = builder.minLr;
        eps = builder.eps;
        best = mode.worst();
        lastLr = rates();
    }

    /**
     * Starts a schedule.
     *
     * @param optimizer the optimizer
     * @return the builder
     */
    public static Builder builder(Optimizer optimizer) {
        return new Builder(optimizer);
    }

    @Override
    public boolean needsMetric() {
        return true;
    }

    @Override
    public void step() {
        throw new ConfigurationException("ReduceLROnPlateau cannot step without a metric: name one by"
                + " withScheduler(...).monitor(\"val_loss\"), or call step(metric).");
    }

    @Override
    public void step(double metric) {
        step++;
        if (isBetter(metric)) {
            best = metric;
            badSteps = 0;
        } else {
            badSteps++;
        }
        if (cooldownLeft > 0) {
            cooldownLeft--;
            badSteps = 0;
        }
        if (badSteps > patience) {
            reduce();
            cooldownLeft = cooldown;
            badSteps = 0;
        }
        lastLr = rates();
    }

    private boolean isBetter(double metric) {
        if (mode == Mode.MIN) {
            return metric < (thresholdMode == ThresholdMode.REL ? best * (1 - threshold) : best - threshold);
        }
        return metric > (thresholdMode == ThresholdMode.REL ? best * (threshold + 1) : best + threshold);
    }

    private void reduce() {
        List<ParamGroup> groups = optimizer.paramGroups();
        double[] least = Checks.perGroup("ReduceLROnPlateau: minLr", minLr, groups.size());
        for (int i = 0; i < groups.size(); i++) {
            double old = groups.get(i).lr();
            double reduced = Math.max(old * factor, least[i]);
            if (old - reduced > eps) {
                groups.get(i).setLr(reduced);
            }
        }
    }

    private double[] rates() {
        return optimizer.paramGroups().stream().mapToDouble(ParamGroup::lr).toArray();
    }

    @Override
    public String name() {
        return "ReduceLROnPlateau";
    }

    @Override
    public Optimizer optimizer() {
        return optimizer;
    }

    @Override
    public double[] lastLr() {
        return lastLr.clone();
    }

    @Override
    public void save(StateWriter state) {
        StateHeader.save(this, step, state);
        state.putDouble("best", best);
        state.putLong("bad_steps", badSteps);
        state.putLong("cooldown_left", cooldownLeft);
        state.putDoubles("last_lr", lastLr);
    }

    @Override
    public void load(StateReader state) {
        step = StateHeader.load(this, state);
        best = state.getDouble("best");
        badSteps = state.getLong("bad_steps");
        cooldownLeft = state.getLong("cooldown_left");
        lastLr = state.getDoubles("last_lr");
    }

    /** Builds a {@link ReduceLROnPlateau}. */
    public static final class Builder {
        private final Optimizer optimizer;
        private Mode mode = Mode.MIN;
        private double factor = 0.1;
        private long patience = 10;
        private double threshold = 1e-4;
        private ThresholdMode thresholdMode = ThresholdMode.REL;
        private long cooldown;
        private double[] minLr = {0};
        private double eps = 1e-8;

        private Builder(Optimizer optimizer) {
            this.optimizer = optimizer;
        }

        /**
         * Says whether smaller or larger is better; smaller by default.
         *
         * @param value the mode
         * @return this
         */
        public Builder mode(Mode value) {
            mode = Require.given(value, "ReduceLROnPlateau mode");
            return this;
        }

        /**
         * Sets what the rate is multiplied by; 0.1 by default.
         *
         * @param value at least 0 and below 1
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder factor(double value) {
            factor = Require.belowOne(value, "ReduceLROnPlateau: factor");
            return this;
        }

        /**
         * Sets how many steps without improvement are tolerated; 10 by default.
         *
         * @param value at least 0
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder patience(long value) {
            patience = Require.atLeast(0, value, "ReduceLROnPlateau: patience");
            return this;
        }

        /**
         * Sets how much better than the best a metric must be; 1e-4, relative, by default.
         *
         * @param value at least 0
         * @param kind whether it is a part of the best value or a difference
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder threshold(double value, ThresholdMode kind) {
            threshold = Require.notNegative(value, "ReduceLROnPlateau: threshold");
            thresholdMode = kind;
            return this;
        }

        /**
         * Sets how many steps after a reduction are not counted; 0 by default.
         *
         * @param value at least 0
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder cooldown(long value) {
            cooldown = Require.atLeast(0, value, "ReduceLROnPlateau: cooldown");
            return this;
        }

        /**
         * Sets the smallest rate; 0 by default.
         *
         * @param values one for all parameter groups, or one for each; at least 0
         * @return this
         * @throws ConfigurationException if a value is out of range or their number does not fit
         */
        public Builder minLr(double... values) {
            Require.given(values, "ReduceLROnPlateau minLr");
            for (double value : values) {
                Require.notNegative(value, "ReduceLROnPlateau: minLr");
            }
            Checks.perGroup(
                    "ReduceLROnPlateau: minLr", values, optimizer.paramGroups().size());
            minLr = values.clone();
            return this;
        }

        /**
         * Sets the smallest change of a rate that is made; 1e-8 by default.
         *
         * @param value at least 0
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder eps(double value) {
            eps = Require.notNegative(value, "ReduceLROnPlateau: eps");
            return this;
        }

        /**
         * Builds the schedule.
         *
         * @return the schedule
         */
        public ReduceLROnPlateau build() {
            return new ReduceLROnPlateau(this);
        }
    }
}
