package io.github.lightning4j.metric;

import io.github.lightning4j.MetricValue;
import io.github.lightning4j.Require;

/**
 * How far probabilities are from how often they are right. Samples are put into bins by their confidence, the probability of
 * class 1, or of several classes that of the largest; with a the share that is right and c the mean confidence of a bin that
 * holds the share b of samples: Σ b |a - c|, √(Σ b (a - c)²) or max |a - c|. NaN without samples.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/classification/calibration_error.html">torchmetrics</a>
 */
public final class CalibrationError extends StateMetric<ConfidenceBins> {
    private final Norm norm;

    private CalibrationError(Builder builder) {
        super(new ConfidenceBins(builder.setup(0.5, 1, Average.NONE), builder.bins));
        norm = builder.norm;
    }

    /**
     * Starts one of one class against the rest.
     *
     * @return the builder
     */
    public static Builder binary() {
        return new Builder(Task.BINARY, 2);
    }

    /**
     * Starts one over several classes of which each sample has one.
     *
     * @param classes the number of classes, 2 or more
     * @return the builder
     * @throws io.github.lightning4j.ConfigurationException if there are fewer than 2
     */
    public static Builder multiclass(int classes) {
        return new Builder(Task.MULTICLASS, classes);
    }

    @Override
    MetricValue evaluate(ConfidenceBins over) {
        return MetricValue.of(over.isEmpty() ? Double.NaN : error(over.errors(), over.shares()));
    }

    private double error(double[] errors, double[] shares) {
        double sum = 0;
        double squares = 0;
        double largest = 0;
        for (int i = 0; i < errors.length; i++) {
            sum += errors[i] * shares[i];
            squares += errors[i] * errors[i] * shares[i];
            largest = Math.max(largest, errors[i]);
        }
        return switch (norm) {
            case L1 -> sum;
            case L2 -> Math.sqrt(squares);
            case MAX -> largest;
        };
    }

    /** How the errors of bins become one. */
    public enum Norm {
        /** Their mean over samples: the expected calibration error. */
        L1,
        /** The root of their mean square over samples. */
        L2,
        /** The largest. */
        MAX
    }

    /** Builds a {@link CalibrationError}. */
    public static final class Builder extends TaskBuilder<Builder> {
        private int bins = 15;
        private Norm norm = Norm.L1;

        /**
         * Sets the number of bins, equally wide from 0 to 1; 15 unless set.
         *
         * @param value 1 or more
         * @return this
         * @throws io.github.lightning4j.ConfigurationException if it is below 1
         */
        public Builder bins(int value) {
            bins = Require.atLeast(1, value, "CalibrationError bins");
            return this;
        }

        /**
         * Sets how the errors of bins become one; {@link Norm#L1} unless set.
         *
         * @param value the norm
         * @return this
         */
        public Builder norm(Norm value) {
            norm = value;
            return this;
        }

        private Builder(Task task, int classes) {
            super("CalibrationError", task, classes);
        }

        /**
         * Builds it.
         *
         * @return a new metric
         */
        public CalibrationError build() {
            return new CalibrationError(this);
        }
    }
}
