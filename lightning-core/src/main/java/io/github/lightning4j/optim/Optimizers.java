package io.github.lightning4j.optim;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.SchedulerConfig;
import java.util.ArrayList;
import java.util.List;

/** What {@code configureOptimizers} may return besides a single optimizer of this package. */
public final class Optimizers {
    private Optimizers() {}

    /**
     * Puts several optimizers, with their schedulers where they have any, into one configuration.
     *
     * <pre>{@code
     * return Optimizers.of(generator.withScheduler(new StepLR(generator, 10)), discriminator);
     * }</pre>
     *
     * @param configs optimizers, or what {@code withScheduler} returned
     * @return the configuration
     * @throws ConfigurationException if there is none, or one twice
     */
    public static OptimizerConfig of(OptimizerConfig... configs) {
        List<Optimizer> optimizers = new ArrayList<>();
        List<SchedulerConfig> schedulers = new ArrayList<>();
        for (OptimizerConfig config : configs) {
            for (Optimizer optimizer : config.optimizers()) {
                if (optimizers.contains(optimizer)) {
                    throw new ConfigurationException("Optimizers.of was given the same " + optimizer.name()
                            + " twice; give each optimizer once.");
                }
                optimizers.add(optimizer);
            }
            schedulers.addAll(config.schedulers());
        }
        if (optimizers.isEmpty()) {
            throw new ConfigurationException("Optimizers.of was given no optimizer; give at least one.");
        }
        return new Several(List.copyOf(optimizers), List.copyOf(schedulers));
    }

    /**
     * Runs an optimizer of DJL inside Lightning4j's training step. Its mathematics stays DJL's: see {@link DjlOptimizer}.
     *
     * @param optimizer the optimizer
     * @param parameters the parameters it is to change
     * @return the optimizer
     * @throws ConfigurationException if DJL cannot run it on PyTorch, or there is no parameter
     */
    public static DjlOptimizer djl(
            ai.djl.training.optimizer.Optimizer optimizer, PairList<String, Parameter> parameters) {
        return new DjlOptimizer(optimizer, parameters);
    }

    private record Several(List<Optimizer> optimizers, List<SchedulerConfig> schedulers) implements OptimizerConfig {}
}
