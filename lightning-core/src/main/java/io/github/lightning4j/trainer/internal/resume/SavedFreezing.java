package io.github.lightning4j.trainer.internal.resume;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.ParameterNames;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.Stateful;
import io.github.lightning4j.checkpoint.Weights;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which parameters of a module are frozen. */
final class SavedFreezing implements Stateful {
    private static final Logger LOG = LoggerFactory.getLogger(SavedFreezing.class);
    private static final String FROZEN = "frozen";

    private final LightningModule module;
    private final LongSupplier step;

    /** The step is that of the run that was saved, for the log. */
    SavedFreezing(LightningModule module, LongSupplier step) {
        this.module = module;
        this.step = step;
    }

    @Override
    public void save(StateWriter state) {
        state.putStrings(
                FROZEN,
                Weights.parameters(module).entrySet().stream()
                        .filter(entry -> !entry.getValue().requiresGradient())
                        .map(Map.Entry::getKey)
                        .toList());
    }

    /** Checkpoints of earlier versions do not say; the module then stays as it was made. */
    @Override
    public void load(StateReader state) {
        if (!state.has(FROZEN)) {
            return;
        }
        Set<String> frozen = Set.copyOf(state.getStrings(FROZEN));
        Set<String> unknown = new HashSet<>(frozen);
        Set<String> buffers = Set.copyOf(module.buffers().keys());
        List<String> nowFrozen = new ArrayList<>();
        List<String> nowTrained = new ArrayList<>();
        ParameterNames names = new ParameterNames(module);
        names.parameters().forEach((name, parameter) -> {
            boolean freeze = frozen.contains(name) || frozen.contains(names.earlier(parameter));
            unknown.removeAll(List.of(name, names.earlier(parameter)));
            if (freeze == parameter.requiresGradient() && !buffers.contains(name)) {
                parameter.freeze(freeze);
                (freeze ? nowFrozen : nowTrained).add(name);
            }
        });
        if (!unknown.isEmpty()) {
            throw new CheckpointException("The checkpoint names frozen parameters that the module does not have: "
                    + unknown + ". Resume with the module that was saved.");
        }
        report("frozen", nowFrozen);
        report("unfrozen", nowTrained);
    }

    private void report(String how, List<String> changed) {
        if (!changed.isEmpty()) {
            LOG.info("resumed: {} {}, as at step {}", String.join(", ", layers(changed)), how, step.getAsLong());
        }
    }

    /** The outermost layers of which every parameter is among these, and the parameters that are left. */
    private List<String> layers(List<String> changed) {
        Set<String> unchanged = new HashSet<>(Weights.parameters(module).keySet());
        unchanged.removeAll(module.buffers().keys());
        changed.forEach(unchanged::remove);
        return changed.stream()
                .map(name -> outermost(name, unchanged))
                .distinct()
                .toList();
    }

    private static String outermost(String name, Set<String> unchanged) {
        for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
            String layer = name.substring(0, dot);
            if (unchanged.stream().noneMatch(other -> other.startsWith(layer + "."))) {
                return layer;
            }
        }
        return name;
    }
}
