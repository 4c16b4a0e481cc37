package io.github.lightning4j;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The immutable form every {@link OptimizerConfig} takes once something is added to it. */
record OptimizerPlan(List<Optimizer> optimizers, List<SchedulerConfig> schedulers) implements OptimizerConfig {
    OptimizerPlan {
        optimizers = List.copyOf(optimizers);
        schedulers = List.copyOf(schedulers);
    }

    static OptimizerPlan of(OptimizerConfig config) {
        return new OptimizerPlan(config.optimizers(), config.schedulers());
    }

    static OptimizerPlan joined(OptimizerConfig... configs) {
        List<Optimizer> optimizers = new ArrayList<>();
        List<SchedulerConfig> schedulers = new ArrayList<>();
        for (OptimizerConfig config : configs) {
            config.optimizers().forEach(optimizer -> addOnce(optimizers, optimizer));
            schedulers.addAll(config.schedulers());
        }
        if (optimizers.isEmpty()) {
            throw new ConfigurationException("OptimizerConfig.of was given no optimizer; give at least one.");
        }
        return new OptimizerPlan(optimizers, schedulers);
    }

    private static void addOnce(List<Optimizer> optimizers, Optimizer optimizer) {
        if (optimizers.contains(optimizer)) {
            throw new ConfigurationException(
                    "OptimizerConfig.of was given the same " + optimizer.name() + " twice; give each optimizer once.");
        }
        optimizers.add(optimizer);
    }

    OptimizerPlan plus(SchedulerConfig scheduler) {
        if (!optimizers.contains(scheduler.scheduler().optimizer())) {
            throw new ConfigurationException(
                    "Scheduler " + scheduler.scheduler().name()
                            + " belongs to an optimizer that is not part of this configuration. Build it over the optimizer that"
                            + " configureOptimizers returns.");
        }
        if (schedulers.stream().anyMatch(each -> each.scheduler() == scheduler.scheduler())) {
            throw new ConfigurationException("The same " + scheduler.scheduler().name()
                    + " was given twice, so it would step twice as fast. Give each scheduler once.");
        }
        List<SchedulerConfig> all = new ArrayList<>(schedulers);
        all.add(scheduler);
        return new OptimizerPlan(optimizers, all);
    }

    OptimizerPlan withLast(UnaryOperator<SchedulerConfig> change) {
        if (schedulers.isEmpty()) {
            throw new ConfigurationException("There is no scheduler to change yet: call withScheduler(...) first.");
        }
        List<SchedulerConfig> all = new ArrayList<>(schedulers);
        all.set(all.size() - 1, change.apply(all.get(all.size() - 1)));
        return new OptimizerPlan(optimizers, all);
    }
}
