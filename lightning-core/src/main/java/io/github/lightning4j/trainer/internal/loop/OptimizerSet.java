package io.github.lightning4j.trainer.internal.loop;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Every;
import io.github.lightning4j.GradientClipAlgorithm;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.SchedulerConfig;
import io.github.lightning4j.internal.torch.GradientSet;
import io.github.lightning4j.internal.torch.MemoryScope;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The optimizers of a fit, the gradients of each one's parameters, and the schedulers. */
final class OptimizerSet implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OptimizerSet.class);

    private final RunSession session;
    private final List<Optimizer> optimizers;
    private final List<SchedulerConfig> schedulers;
    private final IdentityHashMap<Optimizer, Gradients> gradients = new IdentityHashMap<>();
    private final boolean hasStepSchedulers;

    /** Gradients, and for how many groups they were collected. */
    private record Gradients(int groups, GradientSet set) {}

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

    /** The gradients of an optimizer's parameters; collected again when a group was added. */
    GradientSet gradients(Optimizer optimizer) {
        Gradients known = gradients.get(optimizer);
        int groups = optimizer.paramGroups().size();
        if (known == null || known.groups() != groups) {
            if (known != null) {
                known.set().close();
            }
            known = new Gradients(groups, MemoryScope.outside(() -> new GradientSet(parametersOf(optimizer))));
            gradients.put(optimizer, known);
        }
        return known.set();
    }

    private static PairList<String, Parameter> parametersOf(Optimizer optimizer) {
        PairList<String, Parameter> all = new PairList<>();
        for (ParamGroup group : optimizer.paramGroups()) {
            List<String> names = group.parameterNames();
            List<Parameter> parameters = group.parameters();
            for (int i = 0; i < names.size(); i++) {
                all.add(names.get(i), parameters.get(i));
            }
        }
        return all;
    }

    double clip(Optimizer optimizer, double value, GradientClipAlgorithm algorithm) {
        if (!(value > 0)) {
            throw new ConfigurationException("clipGradients: the value is " + value + ", but it must be above 0.");
        }
        GradientSet set = gradients(optimizer);
        if (algorithm == GradientClipAlgorithm.NORM) {
            return set.clipByNorm(value, 2);
        }
        double norm = set.norm(2);
        set.clipByValue(value);
        return norm;
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
        gradients.values().forEach(each -> each.set().close());
        gradients.clear();
        optimizers.forEach(Optimizer::close);
    }
}
