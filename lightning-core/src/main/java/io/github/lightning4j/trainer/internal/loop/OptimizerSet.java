package io.github.lightning4j.trainer.internal.loop;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Every;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.SchedulerConfig;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The optimizers of a fit and the schedulers. */
final class OptimizerSet implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OptimizerSet.class);

    private final RunSession session;
    private final List<Optimizer> optimizers;
    private final List<SchedulerConfig> schedulers;
    private final boolean hasStepSchedulers;

    OptimizerSet(RunSession session, OptimizerConfig config) {
        this.session = session;
        this.optimizers = List.copyOf(config.optimizers());
        this.schedulers = List.copyOf(config.schedulers());
        this.hasStepSchedulers = schedulers.stream().anyMatch(OptimizerSet::followsSteps);
    }

    private static boolean followsSteps(SchedulerConfig config) {
        return config.interval().unit() == Every.Unit.STEPS;
    }

    List<Optimizer> optimizers() {
        return optimizers;
    }

    List<SchedulerConfig> schedulers() {
        return schedulers;
    }

    /** Steps the schedulers whose interval in optimizer steps has come. */
    void afterStep() {
        if (!hasStepSchedulers) {
            return;
        }
        long step = session.progress().globalStep;
        for (SchedulerConfig config : schedulers) {
            if (followsSteps(config) && step % config.interval().count() == 0) {
                step(config);
            }
        }
    }

    /** Steps the schedulers whose interval in epochs has come. */
    void afterEpoch() {
        long epoch = session.progress().epoch + 1;
        for (SchedulerConfig config : schedulers) {
            if (!followsSteps(config) && epoch % config.interval().count() == 0) {
                step(config);
            }
        }
    }

    private void step(SchedulerConfig config) {
        String monitor = config.monitor();
        if (monitor == null) {
            config.scheduler().step();
            return;
        }
        Double metric = monitored(config, monitor);
        if (metric != null) {
            config.scheduler().step(metric);
        }
    }

    private @Nullable Double monitored(SchedulerConfig config, String monitor) {
        Map<String, Double> metrics = session.metrics();
        Double metric = metrics.get(monitor);
        if (metric == null) {
            String message = "Scheduler " + config.scheduler().name() + " monitors '" + monitor
                    + "', which was not logged; known are " + metrics.keySet() + ".";
            if (config.strict()) {
                throw new ConfigurationException(message + " Log it, monitor another, or use strict(false).");
            }
            LOG.warn("{} The step is left out.", message);
        }
        return metric;
    }

    @Override
    public void close() {
        optimizers.forEach(Optimizer::close);
    }
}
