package io.github.lightning4j.metric;

import io.github.lightning4j.MetricValue;

/**
 * Of each threshold from low to high the recall tp / (tp + fn) (x) and the precision tp / (tp + fp) (y), and at the end 0 and
 * 1. Recall of a class that never occurs is 1, or with thresholds or of several classes NaN; with thresholds a precision is NaN
 * where nothing reaches the threshold.
 * A line for each class; lines have no points without samples. {@code value()} gives the curve.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/classification/precision_recall_curve.html">torchmetrics</a>
 */
public final class PrecisionRecallCurve extends CurveMetric {
    private PrecisionRecallCurve(Builder builder) {
        super(builder.setup(Average.NONE), builder.thresholds());
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
    MetricValue evaluate(ScoreColumns over) {
        return new MetricValue.Curve("recall", "precision", lines(over, Cuts::precisionRecall));
    }

    /** Builds a {@link PrecisionRecallCurve}. */
    public static final class Builder extends CurveBuilder<Builder> {
        private Builder(Task task, int classes) {
            super("PrecisionRecallCurve", task, classes);
        }

        /**
         * Builds it.
         *
         * @return a new metric
         */
        public PrecisionRecallCurve build() {
            return new PrecisionRecallCurve(this);
        }
    }
}
