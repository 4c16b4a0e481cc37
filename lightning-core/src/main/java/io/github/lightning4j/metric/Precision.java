package io.github.lightning4j.metric;

/**
 * The share of predicted positives that are right: tp / (tp + fp), and 0 where none is predicted.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/classification/precision.html">torchmetrics</a>
 */
public final class Precision extends ClassScore {
    private Precision(Builder builder) {
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
        return Stat.ratio(stat.tp(), stat.tp() + stat.fp());
    }

    @Override
    boolean isAbsent(int index, Stat stat) {
        return isAbsentWithTopK(stat);
    }

    /** Builds a {@link Precision}. */
    public static final class Builder extends ClassificationBuilder<Builder> {
        private Builder(Task task, int classes) {
            super("Precision", task, classes);
        }

        /**
         * Builds it.
         *
         * @return a new metric
         */
        public Precision build() {
            return new Precision(this);
        }
    }
}
