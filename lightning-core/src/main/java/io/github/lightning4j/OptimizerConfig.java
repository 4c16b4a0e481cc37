package io.github.lightning4j;

import java.util.List;

/**
 * What {@code configureOptimizers} returns: an {@link Optimizer} as it is, several through {@link #of}, each with schedulers where wanted.
 *
 * <pre>{@code
 * return adam.withScheduler(new StepLR(adam, 10), Every.epochs(1));
 * return sgd.withScheduler(new ReduceLROnPlateau(sgd)).monitor("val_loss");
 * }</pre>
 */
public interface OptimizerConfig {
    /**
     * Puts several optimizers, with their schedulers where they have any, into one configuration.
     *
     * <pre>{@code
     * return OptimizerConfig.of(generator.withScheduler(new StepLR(generator, 10)), discriminator);
     * }</pre>
     *
     * @param configs optimizers, or what {@code withScheduler} returned
     * @return the configuration
     * @throws ConfigurationException if there is none, or one twice
     */
    static OptimizerConfig of(OptimizerConfig... configs) {
        return OptimizerPlan.joined(configs);
    }

    /**
     * The optimizers.
     *
     * @return at least one
     */
    List<Optimizer> optimizers();

    /**
     * The schedulers and when they step.
     *
     * @return possibly none
     */
    List<SchedulerConfig> schedulers();

    /**
     * Adds a scheduler that steps after every epoch.
     *
     * @param scheduler the scheduler, of one of this configuration's optimizers
     * @return the extended configuration
     */
    default OptimizerConfig withScheduler(LrScheduler scheduler) {
        return withScheduler(scheduler, Every.epochs(1));
    }

    /**
     * Adds a scheduler.
     *
     * @param scheduler the scheduler, of one of this configuration's optimizers
     * @param interval {@code Every.epochs(n)}, {@code Every.steps(n)}, or {@code Every.never()} for one that a module which
     *     optimizes by itself steps by hand; it is saved and resumed like the others
     * @return the extended configuration
     * @throws ConfigurationException if the scheduler's optimizer is not part of this configuration
     */
    default OptimizerConfig withScheduler(LrScheduler scheduler, Every interval) {
        return OptimizerPlan.of(this).plus(new SchedulerConfig(scheduler, interval, null, true));
    }

    /**
     * Names the metric handed to the scheduler added last.
     *
     * @param metric the name it is logged under
     * @return the changed configuration
     * @throws ConfigurationException if no scheduler was added
     */
    default OptimizerConfig monitor(String metric) {
        return OptimizerPlan.of(this)
                .withLast(last -> new SchedulerConfig(last.scheduler(), last.interval(), metric, last.strict()));
    }

    /**
     * Says whether the absence of the last scheduler's metric is an error (the default) or a warning.
     *
     * @param strict true for an error
     * @return the changed configuration
     * @throws ConfigurationException if no scheduler was added
     */
    default OptimizerConfig strict(boolean strict) {
        return OptimizerPlan.of(this)
                .withLast(last -> new SchedulerConfig(last.scheduler(), last.interval(), last.monitor(), strict));
    }
}
