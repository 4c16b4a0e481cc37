package io.github.lightning4j;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.lightning4j.internal.name.ClassName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Layers that were frozen or unfrozen through a module that they are no part of, most often a new one in place of the
 * registered one. They may be registered later, so that it is told when the module is initialised.
 */
final class FrozenStrangers {
    private static final Logger LOG = LoggerFactory.getLogger(FrozenStrangers.class);

    private final Block module;
    private final List<Block> waiting = new ArrayList<>();

    FrozenStrangers(Block module) {
        this.module = module;
    }

    void add(Block layer) {
        if (layer == module) {
            return;
        }
        waiting.add(layer);
        if (module.isInitialized()) {
            report();
        }
    }

    void report() {
        waiting.stream().filter(this::isStranger).forEach(this::warn);
        waiting.clear();
    }

    private boolean isStranger(Block layer) {
        Set<Parameter> own = Collections.newSetFromMap(new IdentityHashMap<>());
        own.addAll(module.getParameters().values());
        return layer.getParameters().values().stream().anyMatch(parameter -> !own.contains(parameter));
    }

    private void warn(Block layer) {
        LOG.warn(
                "freeze or unfreeze of {} was given a {} that is no part of it. Was a registered layer meant? A network that"
                        + " is to stay outside is frozen by freezeParameters(true) of its own.",
                ClassName.of(module),
                ClassName.of(layer));
    }
}
