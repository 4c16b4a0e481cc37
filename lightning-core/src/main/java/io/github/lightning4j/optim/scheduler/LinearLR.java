package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Require;

/**
 * Moves the rate's factor on a line, as in a warm-up: {@code lr(t) = lr(0) · (startFactor + (endFactor - startFactor) ·
 * min(t, totalIters) / totalIters)}.
 *
 * <p>Defaults: startFactor 1/3, endFactor 1, totalIters 5.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html">torch's LinearLR</a>
 */
public final class LinearLR extends TorchScheduler {
    private final double startFactor;
    private final double endFactor;
    private final long totalIters;

    /**
     * Creates the schedule.
     *
     * @param optimizer the optimizer
     * @param startFactor the factor at step 0, above 0 and at most 1
     * @param endFactor the factor from step {@code totalIters} on, at least 0 and at most 1
     * @param totalIters the steps between them, at least 1
     * @throws ConfigurationException if a value is out of range
     */
    public LinearLR(Optimizer optimizer, double startFactor, double endFactor, long totalIters) {
        super(optimizer);
        this.startFactor = Require.positiveFraction(startFactor, "LinearLR: startFactor");
        this.endFactor = Require.fraction(endFactor, "LinearLR: endFactor");
        this.totalIters = Require.atLeast(1, totalIters, "LinearLR: totalIters");
        start();
    }

    @Override
    double nextLr(int group) {
        double lr = group(group).lr();
        if (stepCount() == 0) {
            return lr * startFactor;
        }
        if (isInitial() || stepCount() > totalIters) {
            return lr;
        }
        double change = endFactor - startFactor;
        return lr * (1 + change / (totalIters * startFactor + (stepCount() - 1) * change));
    }

    @Override
    double closedFormLr(int group) {
        double part = (double) Math.min(totalIters, stepCount()) / totalIters;
        return baseLr(group) * (startFactor + (endFactor - startFactor) * part);
    }
}
