package io.github.lightning4j.metric;

/**
 * The share of the targets' variance that is explained: 1 - Σ (x - y)² / Σ (y - ȳ)²; NaN of fewer than two pairs. Where the
 * targets are constant it is 0, or 1 without any error. All elements are one output.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/regression/r2_score.html">torchmetrics</a>
 */
public final class R2Score extends JointMoments {
    /** Creates an empty score. */
    public R2Score() {}

    @Override
    double value(double[] over, long pairs) {
        if (pairs < 2) {
            return Double.NaN;
        }
        return over[VAR_Y] == 0 ? over[ERROR] == 0 ? 1 : 0 : 1 - over[ERROR] / over[VAR_Y];
    }
}
