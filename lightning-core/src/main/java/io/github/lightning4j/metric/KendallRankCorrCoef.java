package io.github.lightning4j.metric;

/**
 * Kendall's correlation τ-b: (c - d) / √((c + d + tₓ) (c + d + tᵧ)), with c pairs of pairs in the same order, d in opposite
 * order, and t tied on one side alone; computed in n² time. NaN where one side is
 * constant or has a NaN.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/regression/kendall_rank_corr_coef.html">torchmetrics</a>
 */
public final class KendallRankCorrCoef extends RankMetric {
    /** Creates an empty correlation. */
    public KendallRankCorrCoef() {}

    @Override
    double value(double[] x, double[] y) {
        long balance = 0;
        long differentX = 0;
        long differentY = 0;
        for (int i = 0; i < x.length; i++) {
            for (int k = 0; k < i; k++) {
                int ofX = order(x[i], x[k]);
                int ofY = order(y[i], y[k]);
                balance += ofX * ofY;
                differentX += Math.abs(ofX);
                differentY += Math.abs(ofY);
            }
        }
        return balance / (Math.sqrt(differentX) * Math.sqrt(differentY));
    }

    /** Unlike {@code Double.compare}, this has 0 and -0 equal. */
    private static int order(double a, double b) {
        return a > b ? 1 : a < b ? -1 : 0;
    }
}
