package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;
import java.util.function.LongToDoubleFunction;

/**
 * Multiplies the initial rate by a function of the step: {@code lr(t) = lr(0) · factor(t)}.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LambdaLR.html">torch's LambdaLR</a>
 */
public final class LambdaLR extends TorchScheduler {
    private final LongToDoubleFunction[] factors;

    /**
     * Creates the schedule.
     *
     * @param optimizer the optimizer
     * @param factors the factor as a pure function of the step, which starts from 0: one for all parameter groups, or one
     *     for each
     * @throws ConfigurationException if there are neither one nor as many factors as groups
     */
    public LambdaLR(Optimizer optimizer, LongToDoubleFunction... factors) {
        super(optimizer);
        if (factors.length != 1 && factors.length != groupCount()) {
            throw new ConfigurationException("LambdaLR: there are " + factors.length + " factors for " + groupCount()
                    + " parameter groups; give one for all, or one for each.");
        }
        this.factors = factors.clone();
        start();
    }

    @Override
    double nextLr(int group) {
        return baseLr(group) * factor(group);
    }

    private double factor(int group) {
        return factors[factors.length == 1 ? 0 : group].applyAsDouble(stepCount());
    }
}
