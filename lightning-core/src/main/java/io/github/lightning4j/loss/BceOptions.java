package io.github.lightning4j.loss;

import io.github.lightning4j.Require;
import io.github.lightning4j.internal.torch.TorchFunction;

/**
 * Settings of {@link Losses#bceWithLogits(ai.djl.ndarray.NDArray, ai.djl.ndarray.NDArray, BceOptions)}, with torch's
 * defaults. Build them once, in a field of the module, not in every step.
 */
public final class BceOptions {
    final double[] weights;
    final double[] positiveWeights;
    final TorchFunction function;

    private BceOptions(Builder builder) {
        weights = builder.weights.clone();
        positiveWeights = builder.positiveWeights.clone();
        function = TorchFunction.returning(
                "x, t",
                "torch.binary_cross_entropy_with_logits(x, t.to(x.dtype), " + tensor(weights) + ", "
                        + tensor(positiveWeights) + ", " + builder.reduction.code() + ")");
    }

    private static String tensor(double[] values) {
        return values.length == 0 ? "None" : TorchFunction.vector("x", values);
    }

    /**
     * Begins with torch's defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects settings. */
    public static final class Builder {
        private double[] weights = {};
        private double[] positiveWeights = {};
        private LossReduction reduction = LossReduction.MEAN;

        private Builder() {}

        /**
         * How much each label counts.
         *
         * @param weights one for all, or one for each place of the last axis; finite and not negative
         * @return this
         * @throws io.github.lightning4j.ConfigurationException if one is negative, infinite or NaN
         */
        public Builder weight(double... weights) {
            Require.given(weights, "BceOptions weight");
            this.weights = checked(weights, "a weight of bceWithLogits");
            return this;
        }

        /**
         * How much a positive target counts against a negative one: about negatives divided by positives balances them.
         *
         * @param weights one for all, or one for each place of the last axis; finite and not negative
         * @return this
         * @throws io.github.lightning4j.ConfigurationException if one is negative, infinite or NaN
         */
        public Builder posWeight(double... weights) {
            Require.given(weights, "BceOptions posWeight");
            positiveWeights = checked(weights, "a posWeight of bceWithLogits");
            return this;
        }

        /**
         * What becomes of the losses of single elements.
         *
         * @param reduction {@link LossReduction#MEAN} by default
         * @return this
         */
        public Builder reduction(LossReduction reduction) {
            this.reduction = Require.given(reduction, "BceOptions reduction");
            return this;
        }

        /**
         * Builds the settings.
         *
         * @return immutable settings
         */
        public BceOptions build() {
            return new BceOptions(this);
        }

        private static double[] checked(double[] weights, String what) {
            for (double weight : weights) {
                Require.notNegative(weight, what);
            }
            return weights.clone();
        }
    }
}
