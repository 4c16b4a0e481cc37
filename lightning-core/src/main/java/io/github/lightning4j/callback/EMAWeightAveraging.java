package io.github.lightning4j.callback;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;

/**
 * An exponential moving average of the weights, {@code average = decay * average + (1 - decay) * weights} after each
 * optimizer step. Where and how the average is used says {@link WeightAveraging}.
 *
 * <pre>{@code
 * EMAWeightAveraging.builder().decay(0.999).startStep(500).build()
 * }</pre>
 *
 * <p>Source: <a
 * href="https://lightning.ai/docs/pytorch/stable/api/lightning.pytorch.callbacks.EMAWeightAveraging.html">EMAWeightAveraging</a>
 * of PyTorch Lightning.
 */
public final class EMAWeightAveraging extends WeightAveraging {
    private final double decay;
    private final long everyNSteps;
    private final long startStep;
    private final long startEpoch;

    private EMAWeightAveraging(Builder builder) {
        super(builder.averageBuffers);
        decay = builder.decay;
        everyNSteps = builder.everyNSteps;
        startStep = builder.startStep;
        startEpoch = builder.startEpoch;
    }

    /**
     * Starts with a decay of 0.999 at every step from the first on, buffers included.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds an {@link EMAWeightAveraging}. */
    public static final class Builder {
        private double decay = 0.999;
        private long everyNSteps = 1;
        private long startStep;
        private long startEpoch;
        private boolean averageBuffers = true;

        private Builder() {}

        /**
         * Sets what the average keeps of itself; 0.999 by default.
         *
         * @param value from 0, which follows the weights, to 1, which keeps the first
         * @return this
         * @throws ConfigurationException if it is outside of 0 to 1
         */
        public Builder decay(double value) {
            decay = Require.fraction(value, "EMAWeightAveraging decay");
            return this;
        }

        /**
         * Averages after every so many optimizer steps, counted over the run; after each by default.
         *
         * @param steps at least 1
         * @return this
         * @throws ConfigurationException if it is below 1
         */
        public Builder everyNSteps(long steps) {
            everyNSteps = Require.atLeast(1, steps, "EMAWeightAveraging everyNSteps");
            return this;
        }

        /**
         * Sets how many steps are made before any is averaged; 0 by default.
         *
         * @param steps at least 0
         * @return this
         * @throws ConfigurationException if it is negative
         */
        public Builder startStep(long steps) {
            startStep = Require.atLeast(0, steps, "EMAWeightAveraging startStep");
            return this;
        }

        /**
         * Sets the first epoch whose steps are averaged; 0 by default. With {@link #startStep} the later of both counts.
         *
         * @param epoch counted from 0
         * @return this
         * @throws ConfigurationException if it is negative
         */
        public Builder startEpoch(long epoch) {
            startEpoch = Require.atLeast(0, epoch, "EMAWeightAveraging startEpoch");
            return this;
        }

        /**
         * Says whether buffers, such as the running statistics of BatchNorm, are averaged too; on by default.
         *
         * @param value false to take over the module's as they are
         * @return this
         */
        public Builder averageBuffers(boolean value) {
            averageBuffers = value;
            return this;
        }

        /**
         * Builds the callback.
         *
         * @return the callback
         */
        public EMAWeightAveraging build() {
            return new EMAWeightAveraging(this);
        }
    }

    @Override
    protected boolean isDueAfterStep(Run run) {
        return run.globalStep() > startStep && run.globalStep() % everyNSteps == 0 && run.epoch() >= startEpoch;
    }

    @Override
    protected double weight(long count) {
        return 1 - decay;
    }
}
