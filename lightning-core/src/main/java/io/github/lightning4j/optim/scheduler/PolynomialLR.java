package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Require;

/**
 * Lets the rate fall to zero like a power: {@code lr(t) = lr(0) · (1 - min(t, totalIters) / totalIters)^power}.
 *
 * <p>Defaults: totalIters 5, power 1.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.PolynomialLR.html">torch's PolynomialLR</a>
 */
public final class PolynomialLR extends TorchScheduler {
    private final long totalIters;
    private final double power;

    /**
     * Creates the schedule.
     *
     * @param optimizer the optimizer
     * @param totalIters the steps until the rate is zero, at least 1
     * @param power the power, at least 0; 1 for a line
     * @throws ConfigurationException if a value is out of range
     */
    public PolynomialLR(Optimizer optimizer, long totalIters, double power) {
        super(optimizer);
        this.totalIters = Require.atLeast(1, totalIters, "PolynomialLR: totalIters");
        this.power = Require.notNegative(power, "PolynomialLR: power");
        start();
    }

    @Override
    double nextLr(int group) {
        double lr = group(group).lr();
        if (isInitial() || stepCount() > totalIters) {
            return lr;
        }
        return lr * Math.pow(remaining(stepCount()) / remaining(stepCount() - 1), power);
    }

    @Override
    double closedFormLr(int group) {
        return baseLr(group) * Math.pow(remaining(Math.min(totalIters, stepCount())), power);
    }

    private double remaining(long step) {
        return 1 - (double) step / totalIters;
    }
}
