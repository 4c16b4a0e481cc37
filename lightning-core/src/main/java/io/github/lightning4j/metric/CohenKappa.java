package io.github.lightning4j.metric;

import io.github.lightning4j.MetricValue;

/**
 * The agreement of predictions and labels beyond chance: 1 - Σ w m / Σ w e, with counts m, the counts e = row sum × column
 * sum / total of independent ones, and weights w by the distance of two classes. NaN where no disagreement is possible.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/classification/cohen_kappa.html">torchmetrics</a>
 */
public final class CohenKappa extends ConfusionMetric {
    private final Weights weights;

    private CohenKappa(Builder builder) {
        super(builder.setup());
        weights = builder.weights;
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
    MetricValue evaluate(ClassCounts over) {
        double[][] square = over.square(0);
        int n = square.length;
        double[] rows = new double[n];
        double[] columns = new double[n];
        double all = 0;
        for (int r = 0; r < n; r++) {
            for (int c = 0; c < n; c++) {
                rows[r] += square[r][c];
                columns[c] += square[r][c];
                all += square[r][c];
            }
        }
        double seen = 0;
        double expected = 0;
        for (int r = 0; r < n; r++) {
            for (int c = 0; c < n; c++) {
                seen += weight(r, c) * square[r][c];
                expected += weight(r, c) * rows[r] * columns[c] / all;
            }
        }
        return MetricValue.of(1 - seen / expected);
    }

    private double weight(int row, int column) {
        double distance = Math.abs(row - column);
        return switch (weights) {
            case NONE -> Math.min(distance, 1);
            case LINEAR -> distance;
            case QUADRATIC -> distance * distance;
        };
    }

    /** How much a disagreement counts. */
    public enum Weights {
        /** All the same. */
        NONE,
        /** By the distance of the classes' indices. */
        LINEAR,
        /** By the square of that distance. */
        QUADRATIC
    }

    /** Builds a {@link CohenKappa}. */
    public static final class Builder extends ClassificationBuilder<Builder> {
        private Weights weights = Weights.NONE;

        /**
         * Sets how much a disagreement counts; all the same unless set.
         *
         * @param value the weights
         * @return this
         */
        public Builder weights(Weights value) {
            weights = value;
            return this;
        }

        private Builder(Task task, int classes) {
            super("CohenKappa", task, classes);
        }

        /**
         * Builds it.
         *
         * @return a new metric
         */
        public CohenKappa build() {
            return new CohenKappa(this);
        }
    }
}
