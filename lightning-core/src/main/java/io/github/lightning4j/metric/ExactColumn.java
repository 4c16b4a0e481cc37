package io.github.lightning4j.metric;

import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.Arrays;

/** All scores: 8 bytes each. */
final class ExactColumn implements ScoreColumn {
    private final Cuts.Kind kind;
    private final GrowingDoubles positives = new GrowingDoubles();
    private final GrowingDoubles negatives = new GrowingDoubles();

    ExactColumn(Cuts.Kind kind) {
        this.kind = kind;
    }

    @Override
    public void add(double score, boolean positive) {
        (positive ? positives : negatives).add(score);
    }

    @Override
    public void addAll(ScoreColumn other) {
        positives.addAll(((ExactColumn) other).positives.toArray());
        negatives.addAll(((ExactColumn) other).negatives.toArray());
    }

    /** A cut at each different score, from the largest down. */
    @Override
    public Cuts cuts() {
        double[] with = sorted(positives);
        double[] without = sorted(negatives);
        double[] thresholds = new double[with.length + without.length];
        double[] tp = new double[thresholds.length];
        double[] fp = new double[thresholds.length];
        int p = with.length;
        int n = without.length;
        int cuts = 0;
        while (p > 0 || n > 0) {
            double score = p == 0 ? without[n - 1] : n == 0 ? with[p - 1] : Math.max(with[p - 1], without[n - 1]);
            while (p > 0 && with[p - 1] == score) {
                p--;
            }
            while (n > 0 && without[n - 1] == score) {
                n--;
            }
            thresholds[cuts] = score;
            tp[cuts] = with.length - p;
            fp[cuts++] = without.length - n;
        }
        return new Cuts(
                Arrays.copyOf(thresholds, cuts),
                Arrays.copyOf(tp, cuts),
                Arrays.copyOf(fp, cuts),
                with.length,
                without.length,
                kind);
    }

    private static double[] sorted(GrowingDoubles values) {
        double[] sorted = values.toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    @Override
    public void reset() {
        positives.clear();
        negatives.clear();
    }

    @Override
    public void save(StateWriter state) {
        positives.save(state, "positives");
        negatives.save(state, "negatives");
    }

    @Override
    public void load(StateReader state) {
        positives.load(state, "positives");
        negatives.load(state, "negatives");
    }
}
