package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;
import java.util.function.LongToDoubleFunction;

/**
 * Multiplies the rate by a factor at every step: {@code lr(t) = lr(t - 1) · factor(t)}.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiplicativeLR.html">torch's MultiplicativeLR</a>
 */
public final class MultiplicativeLR extends TorchScheduler {
    private final LongToDoubleFunction[] factors;

    /**
     * Creates the schedule.
     *
     * @param optimizer the optimizer
     * @param factors the factor as a pure function of the step, which starts from 1: one for all parameter groups, or one
     *     for each
     * @throws ConfigurationException if there are neither one nor as many factors as groups
     */
    public MultiplicativeLR(Optimizer optimizer, LongToDoubleFunction... factors) {
        super(optimizer);
        if (factors.length != 1 && factors.length != groupCount()) {
            throw new ConfigurationException("MultiplicativeLR: there are " + factors.length + " factors for "
                    + groupCount() + " parameter groups; give one for all, or one for each.");
        }
        this.factors = factors.clone();
        start();
    }

    @Override
    double nextLr(int group) {
        if (isInitial()) {
            return group(group).lr();
        }
        return group(group).lr() * factor(group);
    }

    private double factor(int group) {
        return factors[factors.length == 1 ? 0 : group].applyAsDouble(stepCount());
    }
}
