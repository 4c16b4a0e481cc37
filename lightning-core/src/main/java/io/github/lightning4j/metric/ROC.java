package io.github.lightning4j.metric;

import io.github.lightning4j.MetricValue;

/**
 * The receiver operating characteristic: of each threshold from high to low the share fp / (fp + tn) of negatives (x) and the
 * share tp / (tp + fn) of positives (y) that reach it, 0 where there are none. A line for each class; lines have no points
 * without samples. {@code value()} gives the curve.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/classification/roc.html">torchmetrics</a>
 */
public final class ROC extends CurveMetric {
    private ROC(Builder builder) {
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
        return new MetricValue.Curve("false positive rate", "true positive rate", lines(over, Cuts::roc));
    }

    /** Builds a {@link ROC}. */
    public static final class Builder extends CurveBuilder<Builder> {
        private Builder(Task task, int classes) {
            super("ROC", task, classes);
        }

        /**
         * Builds it.
         *
         * @return a new metric
         */
        public ROC build() {
            return new ROC(this);
        }
    }
}
