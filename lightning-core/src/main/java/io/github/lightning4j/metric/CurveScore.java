package io.github.lightning4j.metric;

import io.github.lightning4j.MetricValue;
import java.util.Arrays;
import java.util.List;

/** A number of each class's curve, which is averaged. */
abstract class CurveScore extends CurveMetric {
    CurveScore(ClassSetup setup, List<Double> thresholds) {
        super(setup, thresholds);
    }

    abstract double score(Cuts cuts);

    private double scoreOrNaN(Cuts cuts) {
        return cuts.isEmpty() ? Double.NaN : score(cuts);
    }

    @Override
    final MetricValue evaluate(ScoreColumns over) {
        if (setup().task() == Task.BINARY || setup().average() == Average.MICRO) {
            return MetricValue.of(scoreOrNaN(over.together()));
        }
        Cuts[] cuts = over.cuts();
        double[] scores = Arrays.stream(cuts).mapToDouble(this::scoreOrNaN).toArray();
        return setup().average() == Average.NONE
                ? new MetricValue.Vector(setup().names(), ConfusionMetric.list(scores))
                : MetricValue.of(average(cuts, scores));
    }

    /** A class without a score, such as a label that was ignored everywhere, is left out; without any the average is NaN. */
    private double average(Cuts[] cuts, double[] scores) {
        double sum = 0;
        double weights = 0;
        boolean isEmpty = true;
        for (int i = 0; i < scores.length; i++) {
            if (!Double.isNaN(scores[i])) {
                double weight = setup().average() == Average.WEIGHTED ? cuts[i].positives() : 1;
                sum += weight * scores[i];
                weights += weight;
                isEmpty = false;
            }
        }
        return isEmpty ? Double.NaN : Stat.ratio(sum, weights);
    }
}
