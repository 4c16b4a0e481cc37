package io.github.lightning4j.metric;

import io.github.lightning4j.Require;

/**
 * The weighted harmonic mean of precision and recall: (1 + β²) tp / ((1 + β²) tp + β² fn + fp), and 0 where there is
 * nothing. Recall counts β times as much as precision.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/classification/fbeta_score.html">torchmetrics</a>
 */
public final class FBetaScore extends ClassScore {
    private final double betaSquared;

    private FBetaScore(Builder builder) {
        super(builder.setup());
        betaSquared = builder.beta * builder.beta;
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
        return Stat.ratio(
                (1 + betaSquared) * stat.tp(), (1 + betaSquared) * stat.tp() + betaSquared * stat.fn() + stat.fp());
    }

    /** Builds a {@link FBetaScore}. */
    public static final class Builder extends ClassificationBuilder<Builder> {
        private double beta = 1;

        /**
         * Sets how much more recall counts than precision; 1 unless set.
         *
         * @param value above 0
         * @return this
         * @throws io.github.lightning4j.ConfigurationException if it is not
         */
        public Builder beta(double value) {
            beta = Require.finitePositive(value, "FBetaScore beta");
            return this;
        }

        private Builder(Task task, int classes) {
            super("FBetaScore", task, classes);
        }

        /**
         * Builds it.
         *
         * @return a new metric
         */
        public FBetaScore build() {
            return new FBetaScore(this);
        }
    }
}
