package io.github.lightning4j.metric;

/**
 * The share of the targets' variance that is explained, a constant shift aside: 1 - var(y - x) / var(y). Where the targets
 * are constant it is 0, or 1 without any error. All elements are one output.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/regression/explained_variance.html">torchmetrics</a>
 */
public final class ExplainedVariance extends JointMoments {
    /** Creates an empty share. */
    public ExplainedVariance() {}

    @Override
    double value(double[] over, long pairs) {
        double ofErrors = over[VAR_X] + over[VAR_Y] - 2 * over[COV];
        return over[VAR_Y] == 0 ? over[ERROR] == 0 ? 1 : 0 : 1 - ofErrors / over[VAR_Y];
    }
}
