package io.github.lightning4j.metric;

/**
 * The intersection over the union of predicted and actual positives: tp / (tp + fp + fn), and 0 where there is none. An
 * ignored class is left out of the averages.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/classification/jaccard_index.html">torchmetrics</a>
 */
public final class JaccardIndex extends ClassScore {
    private JaccardIndex(Builder builder) {
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
        return Stat.ratio(stat.tp(), stat.tp() + stat.fp() + stat.fn());
    }

    @Override
    boolean isLeftOut(int index) {
        return setup().isMulticlass() && setup().counting().ignores(index);
    }

    @Override
    boolean isAbsent(int index, Stat stat) {
        return isLeftOut(index) || super.isAbsent(index, stat);
    }

    /** Builds a {@link JaccardIndex}. */
    public static final class Builder extends ClassificationBuilder<Builder> {
        private Builder(Task task, int classes) {
            super("JaccardIndex", task, classes);
        }

        /**
         * Builds it.
         *
         * @return a new metric
         */
        public JaccardIndex build() {
            return new JaccardIndex(this);
        }
    }
}
