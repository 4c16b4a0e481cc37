package io.github.lightning4j.metric;

/**
 * Lin's concordance: 2 cov(x, y) / (var(x) + var(y) + (x̄ - ȳ)²), with variances over n - 1 as torchmetrics has them; NaN where
 * one side is constant.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/regression/concordance_corr_coef.html">torchmetrics</a>
 */
public final class ConcordanceCorrCoef extends JointMoments {
    /** Creates an empty correlation. */
    public ConcordanceCorrCoef() {
        this(1);
    }

    /**
     * Creates an empty correlation of several outputs.
     *
     * @param outputs how many columns predictions and targets have; 1 or more. Several make the value a vector
     * @throws io.github.lightning4j.ConfigurationException if there are fewer than 1
     */
    public ConcordanceCorrCoef(int outputs) {
        super(outputs);
    }

    @Override
    double value(double[] over, long pairs) {
        if (over[VAR_X] == 0 || over[VAR_Y] == 0) {
            return Double.NaN;
        }
        double apart = over[MEAN_X] - over[MEAN_Y];
        return 2 * over[COV] / (over[VAR_X] + over[VAR_Y] + (pairs - 1) * apart * apart);
    }
}
