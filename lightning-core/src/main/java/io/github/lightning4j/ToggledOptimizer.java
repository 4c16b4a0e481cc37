package io.github.lightning4j;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Keeps backward from the parameters of all optimizers but one, until it is closed. */
public final class ToggledOptimizer implements AutoCloseable {
    private final List<NDArray> withheld = new ArrayList<>();

    ToggledOptimizer(List<Optimizer> all, Optimizer chosen) {
        if (all.stream().noneMatch(each -> each == chosen)) {
            throw new ConfigurationException("toggleOptimizer was given " + chosen.name()
                    + ", which is none of optimizers(). Give it one of those.");
        }
        Set<Parameter> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        kept.addAll(parameters(chosen));
        for (Optimizer other : all) {
            for (Parameter parameter : parameters(other)) {
                if (!kept.contains(parameter) && parameter.getArray().hasGradient()) {
                    withhold(parameter.getArray());
                }
            }
        }
    }

    private static List<Parameter> parameters(Optimizer optimizer) {
        return optimizer.paramGroups().stream()
                .flatMap(group -> group.parameters().stream())
                .toList();
    }

    private void withhold(NDArray array) {
        array.setRequiresGradient(false);
        withheld.add(array);
    }

    /** Lets backward reach them again. */
    @Override
    public void close() {
        withheld.forEach(array -> array.setRequiresGradient(true));
        withheld.clear();
    }
}
