package io.github.lightning4j.tuner;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningDataModule;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Require;
import io.github.lightning4j.trainer.Trainer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a module for some steps while its learning rate rises, and suggests a rate to begin with (Smith 2017, "Cyclical Learning
 * Rates for Training Neural Networks", arXiv:1506.01186). That is a trial before the fit, and leaves the module as it was: a
 * fit after it gives the bits of a fit without it.
 *
 * <pre>{@code
 * LearningRateCurve curve = LearningRateFinder.builder(trainer).maxLr(10).build().find(new LitMnist(config), train);
 * LitMnist module = new LitMnist(config.withLr(curve.suggestion()));
 * }</pre>
 *
 * <p>Parameter groups keep the proportions of their rates; the largest gets the rate that is tried. Schedulers, callbacks and
 * validation rest.
 */
public final class LearningRateFinder {
    private static final Logger LOG = LoggerFactory.getLogger(LearningRateFinder.class);

    private final Trainer trainer;
    private final double minLr;
    private final double maxLr;
    private final int steps;
    private final RangeMode mode;
    private final double earlyStopThreshold;

    private LearningRateFinder(Builder builder) {
        trainer = builder.trainer;
        minLr = builder.minLr;
        maxLr = builder.maxLr;
        steps = builder.steps;
        mode = builder.mode;
        earlyStopThreshold = builder.earlyStopThreshold;
    }

    /**
     * Starts a finder.
     *
     * @param trainer says how the module is going to be trained: device, dtype, accumulation, clipping, seed
     * @return the builder
     */
    public static Builder builder(Trainer trainer) {
        return new Builder(trainer);
    }

    /**
     * Tries the rates.
     *
     * @param module the module, initialised or not; it is as before when this returns
     * @param train the training batches; several passes over them are made if they are fewer than the steps
     * @return what came out
     * @throws ConfigurationException if the module optimizes by itself
     */
    public LearningRateCurve find(LightningModule module, Iterable<Batch> train) {
        return find(module, trial -> trial.fit(module, train));
    }

    /**
     * Tries the rates.
     *
     * @param module the module, initialised or not; it is as before when this returns
     * @param data gives the training batches
     * @return what came out
     * @throws ConfigurationException if the module optimizes by itself
     */
    public LearningRateCurve find(LightningModule module, LightningDataModule data) {
        return find(module, trial -> trial.fit(module, data));
    }

    private LearningRateCurve find(LightningModule module, Consumer<Trainer> fit) {
        Require.given(module, "the module");
        RangeTest range = new RangeTest(step -> mode.rate(step, steps, minLr, maxLr), earlyStopThreshold);
        try (ModuleState before = new ModuleState(module)) {
            fit.accept(trainer.forTrial(steps, range));
        }
        LearningRateCurve curve = range.curve();
        LOG.info("tried {}", curve);
        return curve;
    }

    /** Settings of a finder, made by {@link LearningRateFinder#builder}; the defaults are Lightning's. */
    public static final class Builder {
        private final Trainer trainer;
        private double minLr = 1e-8;
        private double maxLr = 1;
        private int steps = 100;
        private RangeMode mode = RangeMode.EXPONENTIAL;
        private double earlyStopThreshold = 4;

        private Builder(Trainer trainer) {
            this.trainer = Require.given(trainer, "the Trainer");
        }

        /**
         * The rate of the first step.
         *
         * @param lr above 0; 1e-8 by default
         * @return this
         */
        public Builder minLr(double lr) {
            minLr = Require.finitePositive(lr, "minLr");
            return this;
        }

        /**
         * The rate of the last step.
         *
         * @param lr above {@link #minLr}; 1 by default
         * @return this
         */
        public Builder maxLr(double lr) {
            maxLr = Require.finitePositive(lr, "maxLr");
            return this;
        }

        /**
         * The optimizer steps, each with a rate of its own.
         *
         * @param steps at least 2; 100 by default
         * @return this
         */
        public Builder steps(int steps) {
            this.steps = Require.atLeast(2, steps, "steps");
            return this;
        }

        /**
         * How the rate rises.
         *
         * @param mode exponentially by default
         * @return this
         */
        public Builder mode(RangeMode mode) {
            this.mode = Require.given(mode, "mode");
            return this;
        }

        /**
         * How far the smoothed loss may rise above its least value, as a multiple of that value, before the trial ends.
         *
         * @param threshold above 1; 4 by default; infinity lets it go on to the largest rate
         * @return this
         */
        public Builder earlyStopThreshold(double threshold) {
            Require.that(threshold > 1, "earlyStopThreshold", threshold, "above 1", "Infinity switches it off");
            earlyStopThreshold = threshold;
            return this;
        }

        /**
         * Builds the finder.
         *
         * @return the finder
         * @throws ConfigurationException if the smallest rate is not below the largest
         */
        public LearningRateFinder build() {
            Require.that(minLr < maxLr, "minLr", minLr, "below maxLr, which is " + maxLr, "");
            return new LearningRateFinder(this);
        }
    }
}
