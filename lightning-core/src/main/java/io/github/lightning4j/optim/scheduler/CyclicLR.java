package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Require;

/**
 * Lets the rate go up and down between two bounds on straight lines, the height of which may shrink; momentum (or beta1)
 * can do the opposite. It counts optimizer steps: give it {@code Every.steps(1)}.
 *
 * <pre>
 * cycle = ⌊1 + t / (up + down)⌋
 * x     = 1 + t / (up + down) - cycle
 * scale = x / r where x ≤ r = up / (up + down), else (x - 1) / (r - 1)
 * lr    = base + (max - base) · scale · s
 * s     = 1 (triangular), 1 / 2^(cycle - 1) (triangular2), gamma^t (exp_range)
 * </pre>
 *
 * <p>Defaults: 2000 steps up and as many down, triangular, gamma 1, momentum cycled between 0.8 and 0.9. Unlike in torch,
 * momentum is left alone where the optimizer has none.
 *
 * @see <a href="https://arxiv.org/abs/1506.01186">Smith, 2015</a>
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CyclicLR.html">torch's CyclicLR</a>
 */
public final class CyclicLR extends TorchScheduler {
    /** How the height of the cycles changes. */
    public enum Mode {
        /** Not at all. */
        TRIANGULAR,
        /** It halves with every cycle. */
        TRIANGULAR2,
        /** It is multiplied by gamma at every step. */
        EXP_RANGE
    }

    private final double[] baseLr;
    private final double[] maxLr;
    private final double stepSizeUp;
    private final double stepSizeDown;
    private final Mode mode;
    private final double gamma;
    private final boolean cycleMomentum;
    private final double baseMomentum;
    private final double maxMomentum;

    private CyclicLR(Builder builder) {
        super(withBaseRates(builder));
        baseLr = Checks.perGroup("CyclicLR: baseLr", builder.baseLr, groupCount());
        maxLr = Checks.perGroup("CyclicLR: maxLr", builder.maxLr, groupCount());
        stepSizeUp = builder.stepSizeUp;
        stepSizeDown = builder.stepSizeDown;
        mode = builder.mode;
        gamma = builder.gamma;
        cycleMomentum = builder.cycleMomentum;
        baseMomentum = builder.baseMomentum;
        maxMomentum = builder.maxMomentum;
        start();
    }

    private static Optimizer withBaseRates(Builder builder) {
        for (int i = 0; i < builder.baseLr.length; i++) {
            builder.optimizer.paramGroups().get(i).setLr(builder.baseLr[i]);
        }
        return builder.optimizer;
    }

    /**
     * Starts a schedule between bounds that all parameter groups share.
     *
     * @param optimizer the optimizer
     * @param baseLr the smallest rate, at least 0
     * @param maxLr the largest rate, at least 0
     * @return the builder
     * @throws ConfigurationException if a value is out of range
     */
    public static Builder builder(Optimizer optimizer, double baseLr, double maxLr) {
        return new Builder(optimizer, new double[] {baseLr}, new double[] {maxLr});
    }

    /**
     * Starts a schedule.
     *
     * @param optimizer the optimizer
     * @param baseLr the smallest rate of each parameter group, at least 0
     * @param maxLr the largest rate of each parameter group, at least 0
     * @return the builder
     * @throws ConfigurationException if a value is out of range or the number of values does not fit
     */
    public static Builder builder(Optimizer optimizer, double[] baseLr, double[] maxLr) {
        return new Builder(optimizer, baseLr, maxLr);
    }

    @Override
    double nextLr(int group) {
        double total = stepSizeUp + stepSizeDown;
        double ratio = stepSizeUp / total;
        double cycle = Math.floor(1 + stepCount() / total);
        double x = 1 + stepCount() / total - cycle;
        double scale = x <= ratio ? x / ratio : (x - 1) / (ratio - 1);
        double height = scale
                * switch (mode) {
                    case TRIANGULAR -> 1;
                    case TRIANGULAR2 -> 1 / Math.pow(2, cycle - 1);
                    case EXP_RANGE -> Math.pow(gamma, stepCount());
                };
        if (cycleMomentum) {
            Momentum.set(group(group), maxMomentum - (maxMomentum - baseMomentum) * height);
        }
        return baseLr[group] + (maxLr[group] - baseLr[group]) * height;
    }

    @Override
    public boolean meantForSteps() {
        return true;
    }

    /** Builds a {@link CyclicLR}. */
    public static final class Builder {
        private final Optimizer optimizer;
        private final double[] baseLr;
        private final double[] maxLr;
        private double stepSizeUp = 2000;
        private double stepSizeDown = 2000;
        private Mode mode = Mode.TRIANGULAR;
        private double gamma = 1;
        private boolean cycleMomentum = true;
        private double baseMomentum = 0.8;
        private double maxMomentum = 0.9;

        private Builder(Optimizer optimizer, double[] baseLr, double[] maxLr) {
            this.optimizer = optimizer;
            int groups = optimizer.paramGroups().size();
            this.baseLr = Checks.perGroup("CyclicLR: baseLr", baseLr, groups);
            this.maxLr = Checks.perGroup("CyclicLR: maxLr", maxLr, groups);
            for (int i = 0; i < groups; i++) {
                Require.notNegative(this.baseLr[i], "CyclicLR: baseLr");
                Require.notNegative(this.maxLr[i], "CyclicLR: maxLr");
            }
        }

        /**
         * Sets the steps of a rise and of a fall; 2000 each by default.
         *
         * @param up the steps from the smallest rate to the largest, at least 1
         * @param down the steps back, at least 1
         * @return this
         * @throws ConfigurationException if a value is out of range
         */
        public Builder stepSize(long up, long down) {
            stepSizeUp = Require.atLeast(1, up, "CyclicLR: steps up");
            stepSizeDown = Require.atLeast(1, down, "CyclicLR: steps down");
            return this;
        }

        /**
         * Sets how the height of the cycles changes; not at all by default.
         *
         * @param value the mode
         * @return this
         */
        public Builder mode(Mode value) {
            mode = Require.given(value, "CyclicLR mode");
            return this;
        }

        /**
         * Sets the factor of {@link Mode#EXP_RANGE}; 1 by default.
         *
         * @param value above 0
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder gamma(double value) {
            gamma = Require.finitePositive(value, "CyclicLR: gamma");
            return this;
        }

        /**
         * Says whether momentum, or beta1, is cycled as well; it is by default.
         *
         * @param value true to cycle it
         * @return this
         */
        public Builder cycleMomentum(boolean value) {
            cycleMomentum = value;
            return this;
        }

        /**
         * Sets the bounds of the momentum; 0.8 and 0.9 by default.
         *
         * @param base the momentum where the rate is largest, at least 0 and below 1
         * @param max the momentum where the rate is smallest, at least 0 and below 1
         * @return this
         * @throws ConfigurationException if a value is out of range
         */
        public Builder momentum(double base, double max) {
            baseMomentum = Require.belowOne(base, "CyclicLR: baseMomentum");
            maxMomentum = Require.belowOne(max, "CyclicLR: maxMomentum");
            return this;
        }

        /**
         * Builds the schedule and sets the initial rates.
         *
         * @return the schedule
         */
        public CyclicLR build() {
            return new CyclicLR(this);
        }
    }
}
