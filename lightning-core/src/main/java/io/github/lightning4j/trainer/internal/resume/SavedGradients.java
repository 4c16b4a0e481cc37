package io.github.lightning4j.trainer.internal.resume;

import ai.djl.ndarray.NDArray;
import ai.djl.util.PairList;
import io.github.lightning4j.Gradients;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.trainer.internal.loop.RunParts;
import java.util.List;
import java.util.Map;

/**
 * Gradients of an unfinished window in a checkpoint, and the names of those that exist at all: a parameter whose gradient
 * is zero is treated otherwise than one that has none.
 */
final class SavedGradients {
    private static final String DEFINED = "defined";
    private static final String VALUE = "value/";

    private final RunParts parts;

    SavedGradients(RunParts parts) {
        this.parts = parts;
    }

    void save(StateWriter state) {
        boolean inUse = parts.position().windowBatches() > 0 || !parts.module().automaticOptimization();
        List<Optimizer> optimizers = parts.optimizers().optimizers();
        for (int i = 0; i < optimizers.size(); i++) {
            StateWriter own = state.child(Integer.toString(i));
            PairList<String, NDArray> defined = optimizers.get(i).gradients().defined();
            own.putStrings(DEFINED, List.copyOf(defined.keys()));
            if (inUse) {
                defined.forEach(pair -> own.putTensor(VALUE + pair.getKey(), pair.getValue()));
            }
        }
    }

    /**
     * Restores the gradients.
     *
     * @param saved the states of the optimizers, which tell what their parameters were called
     */
    void load(StateReader state, List<? extends StateReader> saved) {
        List<Optimizer> optimizers = parts.optimizers().optimizers();
        for (int i = 0; i < optimizers.size(); i++) {
            StateReader own = state.child(Integer.toString(i));
            Gradients gradients = optimizers.get(i).gradients();
            Map<String, String> present = EarlierNames.ofGradients(optimizers.get(i), saved.get(i));
            for (String name : own.getStrings(DEFINED)) {
                restore(gradients, present.getOrDefault(name, name), name, own);
            }
        }
    }

    private void restore(Gradients gradients, String name, String savedName, StateReader saved) {
        // Earlier versions had no folder for the values.
        String key = saved.has(VALUE + savedName) ? VALUE + savedName : savedName;
        if (!saved.has(key) || key.equals(DEFINED)) {
            gradients.restoreZero(name);
            return;
        }
        try (NDArray value = saved.newTensor(key, parts.manager())) {
            gradients.restore(name, value);
        }
    }
}
