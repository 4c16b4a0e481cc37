package io.github.lightning4j.nn;

import io.github.lightning4j.Require;

/** Settings of {@link LSTM}, {@link GRU} and {@link RNN}, with torch's defaults. */
public final class RecurrentOptions {
    final int layers;
    final boolean bidirectional;
    final double dropout;

    private RecurrentOptions(Builder builder) {
        layers = builder.layers;
        bidirectional = builder.bidirectional;
        dropout = builder.dropout;
    }

    int directions() {
        return bidirectional ? 2 : 1;
    }

    /**
     * Begins with one layer, one direction, no dropout.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects settings. */
    public static final class Builder {
        private int layers = 1;
        private boolean bidirectional;
        private double dropout;

        private Builder() {}

        /**
         * How many layers are stacked.
         *
         * @param count 1 or more
         * @return this
         * @throws io.github.lightning4j.ConfigurationException if it is less
         */
        public Builder layers(int count) {
            layers = Require.atLeast(1, count, "layers");
            return this;
        }

        /**
         * Reads samples in both directions.
         *
         * @return this
         */
        public Builder bidirectional() {
            bidirectional = true;
            return this;
        }

        /**
         * What part of each layer's output is dropped in training before the next layer; the last layer's is not.
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
         * Builds the settings.
         *
         * @return immutable settings
         */
        public RecurrentOptions build() {
            return new RecurrentOptions(this);
        }
    }
}
