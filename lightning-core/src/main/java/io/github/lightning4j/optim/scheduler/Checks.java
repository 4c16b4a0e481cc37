package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;

/** Refuses bad arguments of schedules with the value and its range. */
final class Checks {
    private Checks() {}

    static double notNegative(String what, double value) {
        return require(value >= 0 && Double.isFinite(value), what, value, "a finite number of at least 0");
    }

    static double positive(String what, double value) {
        return require(value > 0 && Double.isFinite(value), what, value, "a finite number above 0");
    }

    static double fraction(String what, double value) {
        return require(value >= 0 && value <= 1, what, value, "at least 0 and at most 1");
    }

    static double positiveFraction(String what, double value) {
        return require(value > 0 && value <= 1, what, value, "above 0 and at most 1");
    }

    static double finite(String what, double value) {
        return require(Double.isFinite(value), what, value, "a finite number");
    }

    static long atLeast(long least, String what, long value) {
        if (value < least) {
            throw new ConfigurationException(what + " is " + value + "; it must be at least " + least + ".");
        }
        return value;
    }

    static double require(boolean holds, String what, double value, String range) {
        if (!holds) {
            throw new ConfigurationException(what + " is " + value + "; it must be " + range + ".");
        }
        return value;
    }

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
