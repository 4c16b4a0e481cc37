package io.github.lightning4j.metric;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.Arrays;

/** How many scores lie between one threshold and the next: memory that does not grow. */
final class BinnedColumn implements ScoreColumn {
    private final double[] thresholds;
    /** By the number of thresholds that a score reaches. */
    private final long[] positives;

    private final long[] negatives;

    /** Takes thresholds in ascending order. */
    BinnedColumn(double... thresholds) {
        this.thresholds = thresholds;
        this.positives = new long[thresholds.length + 1];
        this.negatives = new long[thresholds.length + 1];
    }

    @Override
    public void add(double score, boolean positive) {
        int found = Arrays.binarySearch(thresholds, score);
        (positive ? positives : negatives)[found >= 0 ? found + 1 : -found - 1]++;
    }

    @Override
    public void addAll(ScoreColumn other) {
        for (int i = 0; i < positives.length; i++) {
            positives[i] += ((BinnedColumn) other).positives[i];
            negatives[i] += ((BinnedColumn) other).negatives[i];
        }
    }

    @Override
    public Cuts cuts() {
        int n = thresholds.length;
        double[] descending = new double[n];
        double[] tp = new double[n];
        double[] fp = new double[n];
        for (int i = 0; i < n; i++) {
            descending[i] = thresholds[n - 1 - i];
            tp[i] = positives[n - i] + (i == 0 ? 0 : tp[i - 1]);
            fp[i] = negatives[n - i] + (i == 0 ? 0 : fp[i - 1]);
        }
        return new Cuts(
                descending,
                tp,
                fp,
                Arrays.stream(positives).sum(),
                Arrays.stream(negatives).sum(),
                Cuts.Kind.BINNED);
    }

    @Override
    public void reset() {
        Arrays.fill(positives, 0);
        Arrays.fill(negatives, 0);
    }

    @Override
    public void save(StateWriter state) {
        state.putLongs("positives", positives);
        state.putLongs("negatives", negatives);
    }

    @Override
    public void load(StateReader state) {
        copy(state.getLongs("positives"), positives);
        copy(state.getLongs("negatives"), negatives);
    }

    private static void copy(long[] saved, long[] to) {
        if (saved.length != to.length) {
            throw new CheckpointException("A curve was saved with " + (saved.length - 1) + " thresholds, but has "
                    + (to.length - 1) + ". Make it with the thresholds it was saved with.");
        }
        System.arraycopy(saved, 0, to, 0, to.length);
    }
}
