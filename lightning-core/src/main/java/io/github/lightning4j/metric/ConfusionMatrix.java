package io.github.lightning4j.metric;

import io.github.lightning4j.MetricValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The counts by label (rows) and prediction (columns). For several labels there is a row for each, with its true negatives,
 * false positives, false negatives and true positives.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/classification/confusion_matrix.html">torchmetrics</a>
 */
public final class ConfusionMatrix extends ConfusionMetric {
    private static final List<String> LABEL_COLUMNS = List.of("tn", "fp", "fn", "tp");

    private final Normalize normalize;

    private ConfusionMatrix(Builder builder) {
        super(builder.setup());
        normalize = builder.normalize;
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

    /**
     * Starts one over several labels of which each sample has any number.
     *
     * @param labels the number of labels, 2 or more
     * @return the builder
     * @throws io.github.lightning4j.ConfigurationException if there are fewer than 2
     */
    public static Builder multilabel(int labels) {
        return new Builder(Task.MULTILABEL, labels);
    }

    @Override
    MetricValue evaluate(ClassCounts over) {
        if (setup().task() != Task.MULTILABEL) {
            double[][] square = normalized(over.square(0));
            return new MetricValue.Matrix(
                    setup().names(),
                    setup().names(),
                    Arrays.stream(square).map(ConfusionMetric::list).toList());
        }
        List<List<Double>> rows = new ArrayList<>();
        for (int label = 0; label < setup().counting().classes(); label++) {
            double[][] square = normalized(over.square(label));
            rows.add(list(square[0][0], square[0][1], square[1][0], square[1][1]));
        }
        return new MetricValue.Matrix(setup().names(), LABEL_COLUMNS, rows);
    }

    private double[][] normalized(double[][] square) {
        double[][] shares = new double[square.length][square.length];
        for (int row = 0; row < square.length; row++) {
            for (int column = 0; column < square.length; column++) {
                shares[row][column] = normalize == Normalize.NONE
                        ? square[row][column]
                        : Stat.ratio(square[row][column], whole(square, row, column));
            }
        }
        return shares;
    }

    private double whole(double[][] square, int row, int column) {
        double whole = 0;
        for (int r = 0; r < square.length; r++) {
            for (int c = 0; c < square.length; c++) {
                boolean counts = switch (normalize) {
                    case TRUE -> r == row;
                    case PRED -> c == column;
                    default -> true;
                };
                whole += counts ? square[r][c] : 0;
            }
        }
        return whole;
    }

    /** Of what the shares are. */
    public enum Normalize {
        /** Counts, not shares. */
        NONE,
        /** Shares of each label's samples: rows add up to 1. */
        TRUE,
        /** Shares of what was predicted as each class: columns add up to 1. */
        PRED,
        /** Shares of all samples. */
        ALL
    }

    /** Builds a {@link ConfusionMatrix}. */
    public static final class Builder extends ClassificationBuilder<Builder> {
        private Normalize normalize = Normalize.NONE;

        /**
         * Makes shares of the counts.
         *
         * @param value of what
         * @return this
         */
        public Builder normalize(Normalize value) {
            normalize = value;
            return this;
        }

        private Builder(Task task, int classes) {
            super("ConfusionMatrix", task, classes);
        }

        /**
         * Builds it.
         *
         * @return a new metric
         */
        public ConfusionMatrix build() {
            return new ConfusionMatrix(this);
        }
    }
}
