package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Require;
import java.util.Arrays;

/**
 * Multiplies the rate by gamma at each milestone; a milestone given twice counts twice.
 *
 * <p>Default: gamma 0.1.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiStepLR.html">torch's MultiStepLR</a>
 */
public final class MultiStepLR extends TorchScheduler {
    private final double gamma;
    private final long[] milestones;

    /**
     * Creates the schedule.
     *
     * @param optimizer the optimizer
     * @param gamma the factor of a decay, at least 0; torch's default is 0.1
     * @param milestones the steps after which the rate decays, at least 0
     * @throws ConfigurationException if a value is out of range
     */
    public MultiStepLR(Optimizer optimizer, double gamma, long... milestones) {
        super(optimizer);
        this.gamma = Require.notNegative(gamma, "MultiStepLR: gamma");
        this.milestones = milestones.clone();
        for (long milestone : milestones) {
            Require.atLeast(0, milestone, "MultiStepLR: a milestone");
        }
        start();
    }

    @Override
    double nextLr(int group) {
        long now = stepCount();
        long times =
                Arrays.stream(milestones).filter(milestone -> milestone == now).count();
        return times == 0 ? group(group).lr() : group(group).lr() * Math.pow(gamma, times);
    }

    @Override
    double closedFormLr(int group) {
        long now = stepCount();
        long passed =
                Arrays.stream(milestones).filter(milestone -> milestone <= now).count();
        return baseLr(group) * Math.pow(gamma, passed);
    }
}
