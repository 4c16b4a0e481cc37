package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;

/** Refuses schedules and values that do not fit the optimizer and its groups. */
final class Checks {
    private Checks() {}

    /** The optimizer that all schedules belong to. */
    static Optimizer commonOptimizer(String what, TorchScheduler... schedulers) {
        if (schedulers.length == 0) {
            throw new ConfigurationException(what + " was given no schedule; give at least one.");
        }
        Optimizer optimizer = schedulers[0].optimizer();
        for (TorchScheduler scheduler : schedulers) {
            if (scheduler.optimizer() != optimizer) {
                throw new ConfigurationException(what + ": the schedules belong to different optimizers; "
                        + scheduler.name() + " changes another one than " + schedulers[0].name() + ".");
            }
        }
        return optimizer;
    }

    /** One value for every group, or one for all. */
    static double[] perGroup(String what, double[] values, int groups) {
        if (values.length != 1 && values.length != groups) {
            throw new ConfigurationException(what + " has " + values.length + " values for " + groups
                    + " parameter groups; give one for all, or one for each.");
        }
        double[] result = new double[groups];
        for (int i = 0; i < groups; i++) {
            result[i] = values[values.length == 1 ? 0 : i];
        }
        return result;
    }
}
