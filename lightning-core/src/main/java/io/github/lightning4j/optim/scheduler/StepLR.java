package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Require;

/**
 * Multiplies the rate by gamma every so many steps: {@code lr(t) = lr(0) · gamma^⌊t / stepSize⌋}.
 *
 * <p>Default: gamma 0.1.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html">torch's StepLR</a>
 */
public final class StepLR extends TorchScheduler {
    private final long stepSize;
    private final double gamma;

    /**
     * Creates the schedule with torch's gamma of 0.1.
     *
     * @param optimizer the optimizer
     * @param stepSize the steps between two decays, at least 1
     * @throws ConfigurationException if {@code stepSize} is out of range
     */
    public StepLR(Optimizer optimizer, long stepSize) {
        this(optimizer, stepSize, 0.1);
    }

    /**
     * Creates the schedule.
     *
     * @param optimizer the optimizer
     * @param stepSize the steps between two decays, at least 1
     * @param gamma the factor of a decay, at least 0
     * @throws ConfigurationException if a value is out of range
     */
    public StepLR(Optimizer optimizer, long stepSize, double gamma) {
        super(optimizer);
        this.stepSize = Require.atLeast(1, stepSize, "StepLR: stepSize");
        this.gamma = Require.notNegative(gamma, "StepLR: gamma");
        start();
    }

    @Override
    double nextLr(int group) {
        boolean decay = stepCount() > 0 && stepCount() % stepSize == 0;
        return decay ? group(group).lr() * gamma : group(group).lr();
    }

    @Override
    double closedFormLr(int group) {
        return baseLr(group) * Math.pow(gamma, stepCount() / stepSize);
    }
}
