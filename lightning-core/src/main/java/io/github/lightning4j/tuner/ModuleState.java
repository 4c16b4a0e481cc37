package io.github.lightning4j.tuner;

import ai.djl.nn.Parameter;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Metric;
import io.github.lightning4j.checkpoint.StateCopy;
import io.github.lightning4j.checkpoint.StateTreeReader;
import io.github.lightning4j.checkpoint.StateTreeWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A module as it was before a trial: parameters, buffers, which are frozen, metrics and what it saves by itself. Closing puts all
 * of it back; parameters that did not exist are gone again, so that a fit makes them with its own seed.
 */
final class ModuleState implements AutoCloseable {
    private static final String OWN = "module";

    private record Kept(Parameter parameter, String key, boolean existed, boolean trainable) {
        static Kept of(Parameter parameter, int index) {
            return new Kept(parameter, "parameter/" + index, parameter.isInitialized(), parameter.requiresGradient());
        }

        void save(StateTreeWriter state) {
            if (existed) {
                state.putTensor(key, parameter.getArray());
            }
        }

        void restore(StateTreeReader state) {
            if (existed) {
                state.readTensor(key, parameter.getArray());
            } else {
                parameter.close();
            }
            if (parameter.requiresGradient() != trainable) {
                parameter.freeze(!trainable);
            }
        }
    }

    private final LightningModule module;
    private final Map<String, Metric> metrics;
    private final List<Kept> parameters = new ArrayList<>();
    private final StateCopy copy;

    ModuleState(LightningModule module) {
        this.module = module;
        this.metrics = module.metrics();
        List<Parameter> all = module.getParameters().values();
        for (int i = 0; i < all.size(); i++) {
            parameters.add(Kept.of(all.get(i), i));
        }
        StateTreeWriter state = new StateTreeWriter();
        parameters.forEach(kept -> kept.save(state));
        int index = 0;
        for (Metric metric : metrics.values()) {
            metric.save(state.child("metric/" + index++));
        }
        module.onSaveCheckpoint(state.child(OWN));
        copy = new StateCopy(state);
    }

    @Override
    public void close() {
        try (copy) {
            StateTreeReader state = copy.reader();
            parameters.forEach(kept -> kept.restore(state));
            int index = 0;
            for (Metric metric : metrics.values()) {
                metric.reset();
                metric.load(state.child("metric/" + index++));
            }
            module.onLoadCheckpoint(state.child(OWN));
        }
    }
}
