package io.github.lightning4j;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.lightning4j.internal.name.ClassName;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.StringJoiner;
import java.util.WeakHashMap;
import java.util.function.Predicate;
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
        String strangers = strangers(trained, layer, Parameter::requiresGradient);
        if (!strangers.isEmpty()) {
            throw new ConfigurationException(called(caller, layer) + strangers
                    + ") would be neither trained nor saved" + register(trained)
                    + ", or freeze a layer that is not to be trained: layer.freezeParameters(true).");
        }
    }

    /** Explains a forward pass that failed because the parameters of a layer that nobody registered were never made. */
    static void refuseUnmade(Block root, Block caller, Block layer, RuntimeException failure) {
        if (!UnmadeParameters.caused(failure)) {
            return;
        }
        String strangers = strangers(root, layer, parameter -> !parameter.isInitialized());
        if (!strangers.isEmpty()) {
            throw new ConfigurationException(
                    called(caller, layer) + strangers + ") were never made" + register(root) + ".", failure);
        }
    }

    private static String called(Block caller, Block layer) {
        return ClassName.of(caller) + " called the layer " + ClassName.of(layer) + ", whose parameters (";
    }

    private static String register(Block root) {
        return ": it is not registered in " + ClassName.of(root)
                + ". Register it in the constructor, layer = addChildBlock(\"layer\", ...)";
    }

    /** The names of a layer's parameters that the root does not have. */
    private static String strangers(Block root, Block layer, Predicate<Parameter> wanted) {
        Set<Parameter> registered = Collections.newSetFromMap(new IdentityHashMap<>());
        registered.addAll(root.getParameters().values());
        StringJoiner strangers = new StringJoiner(", ");
        ParameterNames.of(layer).forEach(pair -> {
            if (wanted.test(pair.getValue()) && !registered.contains(pair.getValue())) {
                strangers.add(pair.getKey());
            }
        });
        return strangers.toString();
    }
}
