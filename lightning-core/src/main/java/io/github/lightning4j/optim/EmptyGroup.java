package io.github.lightning4j.optim;

import ai.djl.nn.Parameter;
import io.github.lightning4j.CallContext;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.ModuleHost;
import io.github.lightning4j.internal.name.ClassName;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Why a group that is to be made is empty, most often. */
final class EmptyGroup {
    private EmptyGroup() {}

    /** The end of a sentence, and the remedy; within a run it looks at the module. */
    static String reason() {
        LightningModule module = module();
        List<Parameter> weights = module == null ? List.of() : weights(module);
        if (module != null && !weights.isEmpty() && weights.stream().noneMatch(Parameter::requiresGradient)) {
            return ": " + (weights.size() == 1 ? "the only parameter" : "all " + weights.size() + " parameters")
                    + " of "
                    + ClassName.of(module) + (weights.size() == 1 ? " is" : " are")
                    + " frozen, and parameters() leaves frozen ones out. unfreeze(layer) what is to be trained.";
        }
        return ". Give it at least one; a module's parameters() are there once its blocks are, without those that are"
                + " frozen.";
    }

    private static @Nullable LightningModule module() {
        CallContext context = CallContext.current();
        ModuleHost host = context == null ? null : context.host();
        return host == null ? null : host.run().module();
    }

    private static List<Parameter> weights(LightningModule module) {
        Set<Parameter> buffers = Collections.newSetFromMap(new IdentityHashMap<>());
        buffers.addAll(module.buffers().values());
        return module.getParameters().values().stream()
                .distinct()
                .filter(parameter -> !buffers.contains(parameter))
                .toList();
    }
}
