package io.github.lightning4j.metric;

import io.github.lightning4j.MetricValue;
import java.util.Arrays;

/** A score of each class that is averaged, as torchmetrics does. */
abstract class ClassScore extends ConfusionMetric {
    ClassScore(ClassSetup setup) {
        super(setup);
    }

    /** The score by the counts of one class, or of all classes added. */
    abstract double score(Stat stat);

    /** Whether a class counts for nothing: it has neither occurred nor been predicted. */
    boolean isAbsent(int index, Stat stat) {
        return setup().isMulticlass() && stat.tp() + stat.fp() + stat.fn() == 0;
    }

    /** Whether a class is left out of the sum of all. */
    boolean isLeftOut(int index) {
        return false;
    }

    /** The rule of scores that know topK: with it, a class that is no label is absent. */
    final boolean isAbsentWithTopK(Stat stat) {
        double seen = setup().counting().topK() == 1 ? stat.tp() + stat.fp() + stat.fn() : stat.support();
        return setup().isMulticlass() && seen == 0;
    }

    @Override
    final MetricValue evaluate(ClassCounts over) {
        Stat[] stats = over.stats();
        if (setup().task() == Task.BINARY || setup().average() == Average.MICRO) {
            return MetricValue.of(over.isEmpty() ? Double.NaN : score(sum(stats)));
        }
        double[] scores = Arrays.stream(stats).mapToDouble(this::score).toArray();
        if (setup().average() == Average.NONE) {
            if (over.isEmpty()) {
                Arrays.fill(scores, Double.NaN);
            }
            return vector(scores);
        }
        return MetricValue.of(over.isEmpty() ? Double.NaN : average(stats, scores));
    }

    private Stat sum(Stat[] stats) {
        Stat sum = Stat.NOTHING;
        for (int i = 0; i < stats.length; i++) {
            sum = isLeftOut(i) ? sum : sum.plus(stats[i]);
        }
        return sum;
    }

    private double average(Stat[] stats, double[] scores) {
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < scores.length; i++) {
            double macro = isAbsent(i, stats[i]) ? 0 : 1;
            double weight = setup().average() == Average.WEIGHTED ? stats[i].support() : macro;
            sum += weight * scores[i];
            weights += weight;
        }
        return Stat.ratio(sum, weights);
    }
}
