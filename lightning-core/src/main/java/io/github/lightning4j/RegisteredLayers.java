package io.github.lightning4j;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.lightning4j.internal.name.ClassName;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.StringJoiner;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which layers that a module calls in training belong to the module that is trained. The optimizer knows no other, so that
 * they would stay the noise they began as.
 */
final class RegisteredLayers {
    private final Set<Block> known = Collections.newSetFromMap(new WeakHashMap<>());
    private @Nullable Block root;

    /** Notices that a run trains another module, or a first one; the caller must belong to it. */
    void enter(Block trained, Block caller) {
        if (trained != root) {
            known.clear();
            root = null;
            require(trained, caller, caller);
            root = trained;
        }
    }

    /** Refuses a layer that the trained module does not know; looks at each once. */
    void check(Block trained, Block caller, Block layer) {
        if (!known.contains(layer)) {
            require(trained, caller, layer);
            known.add(layer);
        }
    }

    private static void require(Block trained, Block caller, Block layer) {
        if (layer == trained) {
            return;
        }
        Set<Parameter> registered = Collections.newSetFromMap(new IdentityHashMap<>());
        registered.addAll(trained.getParameters().values());
        StringJoiner strangers = new StringJoiner(", ");
        ParameterNames.of(layer).forEach(pair -> {
            if (pair.getValue().requiresGradient() && !registered.contains(pair.getValue())) {
                strangers.add(pair.getKey());
            }
        });
        if (strangers.length() > 0) {
            throw new ConfigurationException(ClassName.of(caller) + " called the layer "
                    + ClassName.of(layer) + ", whose parameters (" + strangers
                    + ") would be neither trained nor saved: it is not registered in "
                    + ClassName.of(trained)
                    + ". Register it in the constructor, layer = addChildBlock(\"layer\", ...), or freeze a layer that is not"
                    + " to be trained: layer.freezeParameters(true).");
        }
    }
}
