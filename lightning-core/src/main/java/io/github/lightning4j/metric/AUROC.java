package io.github.lightning4j.metric;

/**
 * The area under the receiver operating characteristic: the probability that a sample of the class has a higher score than
 * one of another, ties counted half. Of a class that never occurs, or alone occurs, it is 0. NaN without samples.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/classification/auroc.html">torchmetrics</a>
 */
public final class AUROC extends CurveScore {
    private AUROC(Builder builder) {
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
        return cuts.area();
    }

    /** Builds an {@link AUROC}. */
    public static final class Builder extends CurveScoreBuilder<Builder> {
        private Builder(Task task, int classes) {
            super("AUROC", task, classes);
        }

        /**
         * Builds it.
         *
         * @return a new metric
         */
        public AUROC build() {
            return new AUROC(this);
        }
    }
}
