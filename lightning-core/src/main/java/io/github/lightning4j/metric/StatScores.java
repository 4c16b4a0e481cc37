package io.github.lightning4j.metric;

import io.github.lightning4j.MetricValue;
import java.util.Arrays;
import java.util.List;

/**
 * The counts themselves: true positives, false positives, true negatives, false negatives, and the support tp + fn. With
 * {@link Average#NONE} a matrix with a row for each class.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/classification/stat_scores.html">torchmetrics</a>
 */
public final class StatScores extends ConfusionMetric {
    private static final List<String> COLUMNS = List.of("tp", "fp", "tn", "fn", "support");

    private StatScores(Builder builder) {
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
    MetricValue evaluate(ClassCounts over) {
        Stat[] stats = over.stats();
        if (setup().task() != Task.BINARY && setup().average() == Average.NONE) {
            return new MetricValue.Matrix(
                    setup().names(),
                    COLUMNS,
                    Arrays.stream(stats).map(StatScores::row).toList());
        }
        double support = Arrays.stream(stats).mapToDouble(Stat::support).sum();
        Stat sum = Stat.NOTHING;
        for (Stat stat : stats) {
            sum = sum.plus(scaled(
                    stat,
                    switch (setup().average()) {
                        case MACRO -> 1.0 / stats.length;
                        case WEIGHTED -> Stat.ratio(stat.support(), support);
                        default -> 1;
                    }));
        }
        return new MetricValue.Vector(COLUMNS, row(sum));
    }

    private static Stat scaled(Stat stat, double by) {
        return new Stat(stat.tp() * by, stat.fp() * by, stat.tn() * by, stat.fn() * by);
    }

    private static List<Double> row(Stat stat) {
        return List.of(stat.tp(), stat.fp(), stat.tn(), stat.fn(), stat.support());
    }

    /** Builds a {@link StatScores}. */
    public static final class Builder extends ClassificationBuilder<Builder> {
        private Builder(Task task, int classes) {
            super("StatScores", task, classes);
        }

        /**
         * Builds it.
         *
         * @return a new metric
         */
        public StatScores build() {
            return new StatScores(this);
        }
    }
}
