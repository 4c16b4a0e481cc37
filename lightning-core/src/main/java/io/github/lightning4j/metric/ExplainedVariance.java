package io.github.lightning4j.metric;

import io.github.lightning4j.MetricValue;
import java.util.Arrays;

/**
 * The share of the targets' variance that is explained, a constant shift aside: 1 - var(y - x) / var(y). Where the targets
 * are constant it is 0, or 1 where the errors are constant.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/regression/explained_variance.html">torchmetrics</a>
 */
public final class ExplainedVariance extends JointMoments {
    /** Creates an empty share. */
    public ExplainedVariance() {
        this(1);
    }

    /**
     * Creates an empty share of several outputs.
     *
     * @param outputs how many columns predictions and targets have; 1 or more. The value is the mean of theirs
     * @throws io.github.lightning4j.ConfigurationException if there are fewer than 1
     */
    public ExplainedVariance(int outputs) {
        super(outputs);
    }

    @Override
    double value(double[] over, long pairs) {
        return explained(over[VAR_ERROR], over[VAR_Y]);
    }

    @Override
    MetricValue combine(double[] values) {
        return MetricValue.of(Arrays.stream(values).average().orElseThrow());
    }
}
