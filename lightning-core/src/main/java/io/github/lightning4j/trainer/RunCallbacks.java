package io.github.lightning4j.trainer;

import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Require;
import io.github.lightning4j.checkpoint.CheckpointCallback;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.progress.ProgressBar;
import io.github.lightning4j.summary.ModelSummary;
import io.github.lightning4j.trainer.internal.option.TrainerOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The callbacks of one run: the Trainer's, the module's and the defaults, those that save checkpoints last. */
final class RunCallbacks {
    private RunCallbacks() {}

    static List<Callback> forFit(TrainerOptions options, LightningModule module, boolean hasDirectory) {
        List<Callback> all = given(options, module);
        addProgressBar(options, all);
        if (options.display().enableModelSummary() && !has(all, ModelSummary.class)) {
            all.add(0, new ModelSummary());
        }
        if (options.storage().enableCheckpointing() && hasDirectory && !has(all, CheckpointCallback.class)) {
            all.add(ModelCheckpoint.builder().build());
        }
        all.sort(Comparator.comparing(CheckpointCallback.class::isInstance));
        return all;
    }

    static List<Callback> forEvaluation(TrainerOptions options, LightningModule module) {
        List<Callback> all = given(options, module);
        all.removeIf(CheckpointCallback.class::isInstance);
        addProgressBar(options, all);
        return all;
    }

    /** The best checkpoint by the callback that monitors a metric, or the newest; null if none was kept. */
    static @Nullable Path bestCheckpoint(List<Callback> callbacks) {
        return callbacks.stream()
                .filter(CheckpointCallback.class::isInstance)
                .map(CheckpointCallback.class::cast)
                .filter(callback -> callback.bestModelPath() != null)
                .min(Comparator.comparing((CheckpointCallback callback) -> Double.isNaN(callback.bestModelScore())))
                .map(CheckpointCallback::bestModelPath)
                .orElse(null);
    }

    private static List<Callback> given(TrainerOptions options, LightningModule module) {
        List<Callback> all = new ArrayList<>(options.callbacks());
        if (options.tuning()) {
            return all;
        }
        try (MemoryScope scope = MemoryScope.open()) {
            all.addAll(Require.allGiven(
                    module.configureCallbacks(), "what configureCallbacks of " + ClassName.of(module) + " returned"));
            scope.spareArraysOfOthers(module.getParameters().values());
        }
        requireOnce(all);
        if (options.fastDevRun()) {
            all.removeIf(CheckpointCallback.class::isInstance);
        }
        return all;
    }

    /** One that is called twice would count everything twice. */
    private static void requireOnce(List<Callback> callbacks) {
        Set<Callback> known = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Callback callback : callbacks) {
            if (!known.add(callback)) {
                throw new ConfigurationException("The same " + ClassName.of(callback)
                        + " is among the callbacks of the Trainer and of the module twice. Leave it out once.");
            }
        }
    }

    private static void addProgressBar(TrainerOptions options, List<Callback> all) {
        if (options.display().enableProgressBar() && !has(all, ProgressBar.class)) {
            all.add(new ProgressBar());
        }
    }

    private static boolean has(List<Callback> callbacks, Class<? extends Callback> kind) {
        return callbacks.stream().anyMatch(kind::isInstance);
    }
}
