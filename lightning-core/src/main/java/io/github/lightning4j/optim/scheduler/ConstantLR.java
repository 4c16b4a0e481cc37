package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Require;

/**
 * Multiplies the rate by a constant for the first steps: {@code lr(t) = lr(0) · factor} while {@code t < totalIters}.
 *
 * <p>Defaults: factor 1/3, totalIters 5.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ConstantLR.html">torch's ConstantLR</a>
 */
public final class ConstantLR extends TorchScheduler {
    private final double factor;
    private final long totalIters;

    /**
     * Creates the schedule.
     *
     * @param optimizer the optimizer
     * @param factor the factor, above 0 and at most 1
     * @param totalIters the steps it holds for, at least 0
     * @throws ConfigurationException if a value is out of range
     */
    public ConstantLR(Optimizer optimizer, double factor, long totalIters) {
        super(optimizer);
        this.factor = Require.positiveFraction(factor, "ConstantLR: factor");
        this.totalIters = Require.atLeast(0, totalIters, "ConstantLR: totalIters");
        start();
    }

    @Override
    double nextLr(int group) {
        double lr = group(group).lr();
        if (stepCount() == 0) {
            return lr * factor;
        }
        return stepCount() == totalIters ? lr * (1 / factor) : lr;
    }

    @Override
    double closedFormLr(int group) {
        return baseLr(group) * (stepCount() >= totalIters ? 1 : factor);
    }
}
