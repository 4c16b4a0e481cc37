package io.github.lightning4j.metric;

/**
 * The share of negatives that are found: tn / (tn + fp), and 0 where there is none.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/classification/specificity.html">torchmetrics</a>
 */
public final class Specificity extends ClassScore {
    private Specificity(Builder builder) {
        super(builder.setup());
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
    double score(Stat stat) {
        return Stat.ratio(stat.tn(), stat.tn() + stat.fp());
    }

    /** Builds a {@link Specificity}. */
    public static final class Builder extends ClassificationBuilder<Builder> {
        private Builder(Task task, int classes) {
            super("Specificity", task, classes);
        }

        /**
         * Builds it.
         *
         * @return a new metric
         */
        public Specificity build() {
            return new Specificity(this);
        }
    }
}
