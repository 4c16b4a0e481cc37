package io.github.lightning4j.metric;

/**
 * Lin's concordance: 2 cov(x, y) / (var(x) + var(y) + (x̄ - ȳ)²), with variances over n - 1 as torchmetrics has them.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/regression/concordance_corr_coef.html">torchmetrics</a>
 */
public final class ConcordanceCorrCoef extends JointMoments {
    /** Creates an empty correlation. */
    public ConcordanceCorrCoef() {}

    @Override
    double value(double[] over, long pairs) {
        double apart = over[MEAN_X] - over[MEAN_Y];
        return 2 * over[COV] / (over[VAR_X] + over[VAR_Y] + (pairs - 1) * apart * apart);
    }
}
