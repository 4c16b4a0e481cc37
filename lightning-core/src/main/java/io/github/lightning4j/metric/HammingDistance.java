package io.github.lightning4j.metric;

/**
 * The share of elements that are wrong: 1 - (tp + tn) / (tp + fp + tn + fn); of several classes 1 - tp / (tp + fn).
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/classification/hamming_distance.html">torchmetrics</a>
 */
public final class HammingDistance extends ClassScore {
    private HammingDistance(Builder builder) {
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
        return setup().isMulticlass()
                ? 1 - Stat.ratio(stat.tp(), stat.tp() + stat.fn())
                : 1 - Stat.ratio(stat.tp() + stat.tn(), stat.all());
    }

    /** Builds a {@link HammingDistance}. */
    public static final class Builder extends ClassificationBuilder<Builder> {
        private Builder(Task task, int classes) {
            super("HammingDistance", task, classes);
        }

        /**
         * Builds it.
         *
         * @return a new metric
         */
        public HammingDistance build() {
            return new HammingDistance(this);
        }
    }
}
