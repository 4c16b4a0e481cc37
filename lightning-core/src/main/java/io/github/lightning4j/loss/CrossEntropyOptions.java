package io.github.lightning4j.loss;

import io.github.lightning4j.Require;
import io.github.lightning4j.internal.torch.TorchFunction;

/**
 * Settings of {@link Losses#crossEntropy(ai.djl.ndarray.NDArray, ai.djl.ndarray.NDArray, CrossEntropyOptions)} and
 * {@link Losses#nll(ai.djl.ndarray.NDArray, ai.djl.ndarray.NDArray, CrossEntropyOptions)}, with torch's defaults. Build them
 * once, in a field of the module, not in every step.
 *
 * <pre>{@code
 * private final CrossEntropyOptions options =
 *         CrossEntropyOptions.builder().labelSmoothing(0.1).ignoreIndex(0).classAxis(-1).build();
 * }</pre>
 */
public final class CrossEntropyOptions {
    static final CrossEntropyOptions DEFAULT = builder().build();

    final double[] classWeights;
    final long ignoreIndex;
    final double labelSmoothing;
    final int classAxis;
    final TorchFunction crossEntropy;
    final TorchFunction nll;

    private CrossEntropyOptions(Builder builder) {
        classWeights = builder.classWeights.clone();
        ignoreIndex = builder.ignoreIndex;
        labelSmoothing = builder.labelSmoothing;
        classAxis = builder.classAxis;
        int reduction = builder.reduction.code();
        String weights = classWeights.length == 0 ? "None" : TorchFunction.vector("x", classWeights);
        String common = "torch.movedim(x, " + classAxis + ", 1), t, " + weights + ", " + reduction + ", " + ignoreIndex;
        crossEntropy =
                TorchFunction.returning("x, t", "torch.cross_entropy_loss(" + common + ", " + labelSmoothing + ")");
        nll = TorchFunction.returning("x, t", "torch.nll_loss_nd(" + common + ")");
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
        private double[] classWeights = {};
        private long ignoreIndex = -100;
        private double labelSmoothing;
        private int classAxis = 1;
        private LossReduction reduction = LossReduction.MEAN;

        private Builder() {}

        /**
         * How much each class counts; {@link LossReduction#MEAN} divides by the weights of the labels that occur.
         *
         * @param weights one a class, finite and not negative
         * @return this
         * @throws io.github.lightning4j.ConfigurationException if one is negative, infinite or NaN
         */
        public Builder classWeights(double... weights) {
            Require.given(weights, "CrossEntropyOptions classWeights");
            for (double weight : weights) {
                Require.notNegative(weight, "a class weight of cross entropy");
            }
            classWeights = weights.clone();
            return this;
        }

        /**
         * A label that counts for nothing, padding for instance. If all labels are ignored, the mean is NaN, as in torch.
         *
         * @param label any whole number, a class or not; -100 by default
         * @return this
         */
        public Builder ignoreIndex(long label) {
            ignoreIndex = label;
            return this;
        }

        /**
         * What part of the target is spread evenly over all classes (Szegedy et al. 2016, <a
         * href="https://arxiv.org/abs/1512.00567">1512.00567</a>).
         *
         * @param part from 0, the default, to 1
         * @return this
         * @throws io.github.lightning4j.ConfigurationException if it is outside
         */
        public Builder labelSmoothing(double part) {
            labelSmoothing = Require.fraction(part, "labelSmoothing");
            return this;
        }

        /**
         * Which axis of the scores counts the classes.
         *
         * @param axis 1 by default; negative ones count from the end, so that -1 fits (N, T, C)
         * @return this
         * @throws io.github.lightning4j.ConfigurationException if it is 0, the axis of samples
         */
        public Builder classAxis(int axis) {
            Require.that(axis != 0, "classAxis", axis, "1 or more, or negative", "axis 0 counts the samples");
            classAxis = axis;
            return this;
        }

        /**
         * What becomes of the losses of single samples.
         *
         * @param reduction {@link LossReduction#MEAN} by default
         * @return this
         */
        public Builder reduction(LossReduction reduction) {
            this.reduction = Require.given(reduction, "CrossEntropyOptions reduction");
            return this;
        }

        /**
         * Builds the settings.
         *
         * @return immutable settings
         */
        public CrossEntropyOptions build() {
            return new CrossEntropyOptions(this);
        }
    }
}
