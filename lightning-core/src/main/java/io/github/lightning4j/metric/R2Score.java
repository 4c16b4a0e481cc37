package io.github.lightning4j.metric;

import io.github.lightning4j.MetricValue;
import java.util.Arrays;

/**
 * The share of the targets' variance that is explained: 1 - Σ (x - y)² / Σ (y - ȳ)²; NaN of fewer than two pairs. Where the
 * targets are constant it is 0, or 1 without any error.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/regression/r2_score.html">torchmetrics</a>
 */
public final class R2Score extends JointMoments {
    /** Creates an empty score. */
    public R2Score() {
        this(1);
    }

    /**
     * Creates an empty score of several outputs.
     *
     * @param outputs how many columns predictions and targets have; 1 or more. The value is the mean of theirs
     * @throws io.github.lightning4j.ConfigurationException if there are fewer than 1
     */
    public R2Score(int outputs) {
        super(outputs);
    }

    @Override
    double value(double[] over, long pairs) {
        return pairs < 2 ? Double.NaN : explained(over[SQUARED_ERROR], over[VAR_Y]);
    }

    @Override
    MetricValue combine(double[] values) {
        return MetricValue.of(Arrays.stream(values).average().orElseThrow());
    }
}
