package io.github.lightning4j.trainer.internal.resume;

import io.github.lightning4j.LightningModule;
import io.github.lightning4j.ParameterNames;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.Stateful;
import io.github.lightning4j.checkpoint.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which parameters of a module are frozen. */
final class SavedFreezing implements Stateful {
    private static final Logger LOG = LoggerFactory.getLogger(SavedFreezing.class);
    private static final String FROZEN = "frozen";

    private final LightningModule module;

    SavedFreezing(LightningModule module) {
        this.module = module;
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
        List<String> nowFrozen = new ArrayList<>();
        List<String> nowTrained = new ArrayList<>();
        ParameterNames names = new ParameterNames(module);
        names.parameters().forEach((name, parameter) -> {
            boolean freeze = frozen.contains(name) || frozen.contains(names.earlier(parameter));
            if (freeze == parameter.requiresGradient()) {
                parameter.freeze(freeze);
                (freeze ? nowFrozen : nowTrained).add(name);
            }
        });
        report("frozen", nowFrozen);
        report("trained", nowTrained);
    }

    private static void report(String how, List<String> names) {
        if (!names.isEmpty()) {
            LOG.info(
                    "As when the run was saved, and unlike in the module as it was made, these are {}: {}", how, names);
        }
    }
}
