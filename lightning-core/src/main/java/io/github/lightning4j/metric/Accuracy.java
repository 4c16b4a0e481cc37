package io.github.lightning4j.metric;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;
import io.github.lightning4j.StateReader;

/**
 * The share that is right: (tp + tn) / (tp + fp + tn + fn); of several classes tp / (tp + fn), which on the average
 * {@link Average#MICRO} is right samples over all, so that a short last batch counts for what it holds.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/classification/accuracy.html">torchmetrics</a>
 */
public final class Accuracy extends ClassScore {
    /**
     * Creates the share of samples whose predicted class is the label, as {@code multiclass(numClasses).average(MICRO)}. For
     * 2 classes, scores may also be logits of class 1 in the labels' shape: class 1 where the logit is above 0.
     *
     * @param numClasses the number of classes, 2 or more
     * @throws ConfigurationException if {@code numClasses} is below 2
     */
    public Accuracy(int numClasses) {
        this(multiclass(Require.atLeast(
                        2, numClasses, "Accuracy numClasses", "a binary head of one unit has 2 as well"))
                .average(Average.MICRO));
    }

    private Accuracy(Builder builder) {
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
                ? Stat.ratio(stat.tp(), stat.tp() + stat.fn())
                : Stat.ratio(stat.tp() + stat.tn(), stat.all());
    }

    @Override
    boolean isAbsent(int index, Stat stat) {
        return isAbsentWithTopK(stat);
    }

    /** Older checkpoints hold the right samples and all, which is what the share needs. */
    @Override
    public void load(StateReader state) {
        if (!state.has("correct")) {
            super.load(state);
            return;
        }
        long correct = state.getLong("correct");
        state().setTotals(correct, state.getLong("total") - correct);
    }

    /** Builds a {@link Accuracy}. */
    public static final class Builder extends ClassificationBuilder<Builder> {
        private Builder(Task task, int classes) {
            super("Accuracy", task, classes);
        }

        /**
         * Builds it.
         *
         * @return a new metric
         */
        public Accuracy build() {
            return new Accuracy(this);
        }
    }
}
