package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Require;

/**
 * The 1cycle policy: the rate rises to a maximum and then falls far below its start, while momentum (or beta1) does the
 * opposite. It counts optimizer steps: give it {@code Every.steps(1)}. Stepping beyond {@code totalSteps} throws.
 *
 * <p>With the initial rate {@code maxLr / divFactor} and the final one {@code initial / finalDivFactor}, the rate goes
 * from initial to maximum over {@code pctStart · totalSteps} steps and to the final one over the rest; with three phases
 * it returns to the initial rate over as many steps as it rose, and goes on to the final one.
 *
 * <p>Defaults: pctStart 0.3, cosine annealing, momentum cycled between 0.85 and 0.95, divFactor 25, finalDivFactor 1e4,
 * two phases. Unlike in torch, momentum is left alone where the optimizer has none.
 *
 * @see <a href="https://arxiv.org/abs/1708.07120">Smith and Topin, 2017</a>
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html">torch's OneCycleLR</a>
 */
public final class OneCycleLR extends TorchScheduler {
    /** The curve between two rates. */
    public enum Anneal {
        /** Half a cosine. */
        COS,
        /** A line. */
        LINEAR
    }

    private final long totalSteps;
    private final double[] maxLr;
    private final Anneal anneal;
    private final boolean cycleMomentum;
    private final double baseMomentum;
    private final double maxMomentum;
    private final double finalDivFactor;
    private final boolean threePhase;
    private final double[] phaseEnds;

    /**
     * Creates the schedule with torch's defaults.
     *
     * @param optimizer the optimizer
     * @param maxLr the largest rate, above 0
     * @param totalSteps the steps of the whole cycle, at least 1
     * @throws ConfigurationException if a value is out of range
     */
    public OneCycleLR(Optimizer optimizer, double maxLr, long totalSteps) {
        this(builder(optimizer, totalSteps, maxLr));
    }

    private OneCycleLR(Builder builder) {
        super(builder.optimizer);
        totalSteps = builder.totalSteps;
        maxLr = Checks.perGroup("OneCycleLR: maxLr", builder.maxLr, groupCount());
        anneal = builder.anneal;
        cycleMomentum = builder.cycleMomentum;
        baseMomentum = builder.baseMomentum;
        maxMomentum = builder.maxMomentum;
        finalDivFactor = builder.finalDivFactor;
        threePhase = builder.threePhase;
        double rise = builder.pctStart * totalSteps;
        double last = totalSteps - 1.0;
        phaseEnds = threePhase ? new double[] {rise - 1, 2 * rise - 2, last} : new double[] {rise - 1, last};
        for (int i = 0; i < groupCount(); i++) {
            setBaseLr(i, maxLr[i] / builder.divFactor);
        }
        start();
    }

    /**
     * Starts a schedule.
     *
     * @param optimizer the optimizer
     * @param totalSteps the steps of the whole cycle, at least 1
     * @param maxLr the largest rate, above 0: one for all parameter groups, or one for each
     * @return the builder
     * @throws ConfigurationException if a value is out of range
     */
    public static Builder builder(Optimizer optimizer, long totalSteps, double... maxLr) {
        return new Builder(optimizer, totalSteps, maxLr);
    }

    @Override
    double nextLr(int group) {
        requireAtMost(stepCount());
        double start = 0;
        int phase = 0;
        while (phase < phaseEnds.length - 1 && stepCount() > phaseEnds[phase]) {
            start = phaseEnds[phase++];
        }
        double length = phaseEnds[phase] - start;
        double part = length == 0 ? 1 : (stepCount() - start) / length;
        if (cycleMomentum) {
            Momentum.set(group(group), momentum(phase, part));
        }
        double initial = baseLr(group);
        double maximum = maxLr[group];
        double minimum = initial / finalDivFactor;
        if (phase == 0) {
            return anneal(initial, maximum, part);
        }
        if (phase == phaseEnds.length - 1) {
            return anneal(threePhase ? initial : maximum, minimum, part);
        }
        return anneal(maximum, initial, part);
    }

    @Override
    public void requireNext() {
        requireAtMost(stepCount() + 1);
    }

    private void requireAtMost(long steps) {
        if (steps > totalSteps) {
            throw new ConfigurationException("OneCycleLR was stepped " + steps + " times, but its totalSteps is "
                    + totalSteps + ". Give it as many steps as the run has optimizer steps.");
        }
    }

    private double momentum(int phase, double part) {
        return switch (phase) {
            case 0 -> anneal(maxMomentum, baseMomentum, part);
            case 1 -> anneal(baseMomentum, maxMomentum, part);
            default -> maxMomentum;
        };
    }

    private double anneal(double from, double to, double part) {
        return anneal == Anneal.COS ? to + (from - to) / 2 * (Math.cos(Math.PI * part) + 1) : (to - from) * part + from;
    }

    @Override
    public boolean meantForSteps() {
        return true;
    }

    /** Builds a {@link OneCycleLR}. */
    public static final class Builder {
        private final Optimizer optimizer;
        private final long totalSteps;
        private final double[] maxLr;
        private double pctStart = 0.3;
        private Anneal anneal = Anneal.COS;
        private boolean cycleMomentum = true;
        private double baseMomentum = 0.85;
        private double maxMomentum = 0.95;
        private double divFactor = 25;
        private double finalDivFactor = 1e4;
        private boolean threePhase;

        private Builder(Optimizer optimizer, long totalSteps, double[] maxLr) {
            this.optimizer = optimizer;
            this.totalSteps = Require.atLeast(1, totalSteps, "OneCycleLR: totalSteps");
            for (double value : maxLr) {
                Require.finitePositive(value, "OneCycleLR: maxLr");
            }
            this.maxLr = Checks.perGroup(
                    "OneCycleLR: maxLr", maxLr, optimizer.paramGroups().size());
        }

        /**
         * Sets the part of the cycle during which the rate rises; 0.3 by default.
         *
         * @param value at least 0 and at most 1
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder pctStart(double value) {
            pctStart = Require.fraction(value, "OneCycleLR: pctStart");
            return this;
        }

        /**
         * Sets the curve between two rates; half a cosine by default.
         *
         * @param value the curve
         * @return this
         */
        public Builder anneal(Anneal value) {
            anneal = Require.given(value, "OneCycleLR anneal");
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
         * Sets the bounds of the momentum; 0.85 and 0.95 by default.
         *
         * @param base the momentum where the rate is largest, at least 0 and below 1
         * @param max the momentum where the rate is smallest, at least 0 and below 1
         * @return this
         * @throws ConfigurationException if a value is out of range
         */
        public Builder momentum(double base, double max) {
            baseMomentum = Require.belowOne(base, "OneCycleLR: baseMomentum");
            maxMomentum = Require.belowOne(max, "OneCycleLR: maxMomentum");
            return this;
        }

        /**
         * Sets how far below the maximum the rate starts; 25 by default.
         *
         * @param value above 0
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder divFactor(double value) {
            divFactor = Require.finitePositive(value, "OneCycleLR: divFactor");
            return this;
        }

        /**
         * Sets how far below its start the rate ends; 1e4 by default.
         *
         * @param value above 0
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder finalDivFactor(double value) {
            finalDivFactor = Require.finitePositive(value, "OneCycleLR: finalDivFactor");
            return this;
        }

        /**
         * Chooses three phases instead of two.
         *
         * @param value true for three phases
         * @return this
         */
        public Builder threePhase(boolean value) {
            threePhase = value;
            return this;
        }

        /**
         * Builds the schedule and sets the initial rates.
         *
         * @return the schedule
         */
        public OneCycleLR build() {
            return new OneCycleLR(this);
        }
    }
}
