package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Require;
import java.util.List;

/** Common combinations of schedules in one line. */
public final class Schedules {
    private static final double WARMUP_START = 0.01;

    private Schedules() {}

    /**
     * A linear warm-up followed by half a cosine down to zero, as most transformers are trained: a {@link LinearLR} from
     * one hundredth of the rate, then a {@link CosineAnnealingLR}.
     *
     * <pre>{@code
     * return adam.withScheduler(Schedules.warmupCosine(adam, 500, 10_000), Every.steps(1));
     * }</pre>
     *
     * @param optimizer the optimizer, whose rate is that at the end of the warm-up
     * @param warmupSteps the steps of the warm-up, at least 1
     * @param totalSteps the steps of both, more than {@code warmupSteps}
     * @return the schedule
     * @throws ConfigurationException if a value is out of range
     */
    public static SequentialLR warmupCosine(Optimizer optimizer, long warmupSteps, long totalSteps) {
        return warmupCosine(optimizer, warmupSteps, totalSteps, 0);
    }

    /**
     * A linear warm-up followed by half a cosine down to a smallest rate.
     *
     * @param optimizer the optimizer, whose rate is that at the end of the warm-up
     * @param warmupSteps the steps of the warm-up, at least 1
     * @param totalSteps the steps of both, more than {@code warmupSteps}
     * @param etaMin the smallest rate, at least 0
     * @return the schedule
     * @throws ConfigurationException if a value is out of range
     */
    public static SequentialLR warmupCosine(Optimizer optimizer, long warmupSteps, long totalSteps, double etaMin) {
        Require.atLeast(1, warmupSteps, "warmupCosine: warmupSteps");
        Require.atLeast(warmupSteps + 1, totalSteps, "warmupCosine: totalSteps");
        LinearLR warmup = new LinearLR(optimizer, WARMUP_START, 1, warmupSteps);
        CosineAnnealingLR cosine = new CosineAnnealingLR(optimizer, totalSteps - warmupSteps, etaMin);
        return new SequentialLR(List.of(warmup, cosine), warmupSteps);
    }
}
