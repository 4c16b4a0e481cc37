package io.github.lightning4j.metric;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Spearman's correlation: Pearson's of the ranks, where ties share the mean of theirs; NaN where one side is constant
 * (torchmetrics has 0) or has a NaN.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/regression/spearman_corr_coef.html">torchmetrics</a>
 */
public final class SpearmanCorrCoef extends RankMetric {
    /** Creates an empty correlation. */
    public SpearmanCorrCoef() {}

    @Override
    double value(double[] x, double[] y) {
        double[] sums = new double[JointMoments.SUMS];
        double[] first = ranks(x);
        double[] second = ranks(y);
        for (int i = 0; i < first.length; i++) {
            JointMoments.move(sums, first[i], second[i], i);
        }
        return PearsonCorrCoef.correlation(sums);
    }

    private static double[] ranks(double[] values) {
        Integer[] order = new Integer[values.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
        double[] ranks = new double[values.length];
        int end;
        for (int start = 0; start < order.length; start = end) {
            end = start + 1;
            while (end < order.length && values[order[end]] == values[order[start]]) {
                end++;
            }
            for (int i = start; i < end; i++) {
                ranks[order[i]] = (start + end + 1) / 2.0;
            }
        }
        return ranks;
    }
}
