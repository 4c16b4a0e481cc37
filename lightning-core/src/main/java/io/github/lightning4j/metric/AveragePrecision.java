package io.github.lightning4j.metric;

/**
 * The precisions at all thresholds, each weighted by the recall won there: Σ (rₙ - rₙ₋₁) pₙ. Of a class that never occurs it
 * is 0; of several classes NaN unless there are thresholds, and left out of averages. NaN without samples.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/classification/average_precision.html">torchmetrics</a>
 */
public final class AveragePrecision extends CurveScore {
    private AveragePrecision(Builder builder) {
        super(builder.setup(), builder.thresholds());
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
    double score(Cuts cuts) {
        return cuts.averagePrecision();
    }

    /** Builds an {@link AveragePrecision}. */
    public static final class Builder extends CurveScoreBuilder<Builder> {
        private Builder(Task task, int classes) {
            super("AveragePrecision", task, classes);
        }

        /**
         * Builds it.
         *
         * @return a new metric
         */
        public AveragePrecision build() {
            return new AveragePrecision(this);
        }
    }
}
