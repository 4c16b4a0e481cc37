package io.github.lightning4j.metric;

/**
 * Pearson's correlation: cov(x, y) / √(var(x) var(y)); NaN where one is constant.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/regression/pearson_corr_coef.html">torchmetrics</a>
 */
public final class PearsonCorrCoef extends JointMoments {
    /** Creates an empty correlation. */
    public PearsonCorrCoef() {
        this(1);
    }

    /**
     * Creates an empty correlation of several outputs.
     *
     * @param outputs how many columns predictions and targets have; 1 or more. Several make the value a vector
     * @throws io.github.lightning4j.ConfigurationException if there are fewer than 1
     */
    public PearsonCorrCoef(int outputs) {
        super(outputs);
    }

    @Override
    double value(double[] over, long pairs) {
        return correlation(over);
    }

    static double correlation(double[] over) {
        return over[VAR_X] == 0 || over[VAR_Y] == 0
                ? Double.NaN
                : Math.max(-1, Math.min(1, over[COV] / (Math.sqrt(over[VAR_X]) * Math.sqrt(over[VAR_Y]))));
    }
}
