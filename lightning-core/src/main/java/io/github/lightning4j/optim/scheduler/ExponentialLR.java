package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Require;

/**
 * Multiplies the rate by gamma at every step: {@code lr(t) = lr(0) · gamma^t}.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html">torch's ExponentialLR</a>
 */
public final class ExponentialLR extends TorchScheduler {
    private final double gamma;

    /**
     * Creates the schedule.
     *
     * @param optimizer the optimizer
     * @param gamma the factor of a step, at least 0
     * @throws ConfigurationException if {@code gamma} is out of range
     */
    public ExponentialLR(Optimizer optimizer, double gamma) {
        super(optimizer);
        this.gamma = Require.notNegative(gamma, "ExponentialLR: gamma");
        start();
    }

    @Override
    double nextLr(int group) {
        return isInitial() ? group(group).lr() : group(group).lr() * gamma;
    }

    @Override
    double closedFormLr(int group) {
        return baseLr(group) * Math.pow(gamma, stepCount());
    }
}
