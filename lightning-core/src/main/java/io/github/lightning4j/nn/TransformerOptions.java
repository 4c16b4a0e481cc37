package io.github.lightning4j.nn;

import io.github.lightning4j.Require;

/** Settings of {@link TransformerEncoderLayer}, with torch's defaults. */
public final class TransformerOptions {
    final int feedforward;
    final double dropout;
    final String activation;
    final boolean normFirst;
    final boolean causal;
    final double eps;

    private TransformerOptions(Builder builder) {
        feedforward = builder.feedforward;
        dropout = builder.dropout;
        activation = builder.activation;
        normFirst = builder.normFirst;
        causal = builder.causal;
        eps = builder.eps;
    }

    /**
     * Begins with 2048 hidden units of ReLU, dropout 0.1, norms last, no causality and 1e-5 in norms.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects settings. */
    public static final class Builder {
        private int feedforward = 2048;
        private double dropout = 0.1;
        private String activation = "torch.relu(x)";
        private boolean normFirst;
        private boolean causal;
        private double eps = 1e-5;

        private Builder() {}

        /**
         * How many hidden units follow attention.
         *
         * @param units 1 or more
         * @return this
         * @throws io.github.lightning4j.ConfigurationException if it is less
         */
        public Builder feedforward(int units) {
            feedforward = Require.atLeast(1, units, "feedforward");
            return this;
        }

        /**
         * What part is dropped in training: of attention, of hidden units, of what is added.
         *
         * @param part 0 or more and below 1
         * @return this
         * @throws io.github.lightning4j.ConfigurationException if it is outside
         */
        public Builder dropout(double part) {
            dropout = Require.belowOne(part, "dropout");
            return this;
        }

        /**
         * GELU by the error function in place of ReLU.
         *
         * @return this
         */
        public Builder gelu() {
            activation = "torch.gelu(x)";
            return this;
        }

        /**
         * Norms before attention and hidden units (GPT-2 and later) in place of after what was added (BERT).
         *
         * @return this
         */
        public Builder normFirst() {
            normFirst = true;
            return this;
        }

        /**
         * Each step looks at itself and earlier ones alone.
         *
         * @return this
         */
        public Builder causal() {
            causal = true;
            return this;
        }

        /**
         * What norms add to the variance.
         *
         * @param eps 0 or more
         * @return this
         * @throws io.github.lightning4j.ConfigurationException if it is negative
         */
        public Builder layerNormEps(double eps) {
            this.eps = Require.notNegative(eps, "layerNormEps");
            return this;
        }

        /**
         * Builds the settings.
         *
         * @return immutable settings
         */
        public TransformerOptions build() {
            return new TransformerOptions(this);
        }
    }
}
