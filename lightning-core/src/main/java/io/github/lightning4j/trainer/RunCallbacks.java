package io.github.lightning4j.trainer;

import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The callbacks of one run: the Trainer's, the module's and the defaults, those that save checkpoints last. */
final class RunCallbacks {
    private RunCallbacks() {}

    static List<Callback> forFit(TrainerOptions options, LightningModule module) {
        return withUniqueKeys(ordered(options, module));
    }

    static List<Callback> forEvaluation(TrainerOptions options, LightningModule module) {
        return withUniqueKeys(ordered(options, module));
    }

    private static List<Callback> ordered(TrainerOptions options, LightningModule module) {
        List<Callback> all = new ArrayList<>(options.callbacks());
        all.addAll(module.configureCallbacks());
        return all;
    }

    private static List<Callback> withUniqueKeys(List<Callback> callbacks) {
        Set<String> keys = new HashSet<>();
        for (Callback callback : callbacks) {
            if (!keys.add(callback.stateKey())) {
                throw new ConfigurationException("Two callbacks have the state key '" + callback.stateKey()
                        + "', so their state could not be told apart in a checkpoint. Override stateKey() in one.");
            }
        }
        return callbacks;
    }
}
