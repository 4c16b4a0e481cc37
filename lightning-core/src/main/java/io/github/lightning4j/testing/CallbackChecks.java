package io.github.lightning4j.testing;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Run;
import io.github.lightning4j.checkpoint.StateContents;
import io.github.lightning4j.checkpoint.TensorValue;
import io.github.lightning4j.trainer.PredictResult;
import io.github.lightning4j.trainer.Trainer;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What {@link CallbackKit} finds out about a callback. */
record CallbackChecks(Supplier<? extends Callback> callback, Training training, TemporaryFolder folder) {
    private Training watched() {
        return training.with(callback);
    }

    void hasOneStateKey() {
        String key = callback.get().stateKey();
        Expect.equal("The state key of a second instance", key, callback.get().stateKey());
        Expect.that(
                !key.isBlank() && !key.contains("/"),
                "The state key is '" + key + "', but it must be a name without '/'.");
    }

    void restoresItsState() {
        Callback before = callback.get();
        Callback after = callback.get();
        Path directory = folder.resolve("run");
        SortedMap<String, Object> saved = new TreeMap<>();
        SortedMap<String, Object> loaded = new TreeMap<>();
        MemoryLogger logger = new MemoryLogger();
        Probe saving = new Probe(directory, Place.INSIDE_EPOCH) {
            @Override
            void interrupt(Run run) {
                super.interrupt(run);
                saved.putAll(StateContents.of(before));
            }
        };
        Probe loading = new Probe(directory, null) {
            @Override
            public void onFitStart(Run run) {
                loaded.putAll(StateContents.of(after));
            }
        };
        Path file = training.with(() -> before).interrupted(directory, saving, logger);
        training.with(() -> after).resumed(directory, loading, file, logger);
        States.dropVolatile(saved);
        States.dropVolatile(loaded);
        Expect.equalContents("The state after it was saved and loaded", saved, loaded);
    }

    void resumesExactly(Place place) {
        watched().expectExactResume(place, folder);
    }

    void worksBeside(Supplier<? extends Callback> neighbour) {
        watched().with(neighbour).expectExactResume(Place.INSIDE_EPOCH, folder);
    }

    void leavesTheWeightsAlone() {
        Training.End without = training.undisturbed(folder.resolve("without"));
        Training.End with = watched().undisturbed(folder.resolve("with"));
        Expect.equalContents("The training with the callback", without.weights(), with.weights());
    }

    void startsAnewAfterAFailure() {
        Callback used = callback.get();
        Path failed = folder.resolve("failed");
        training.with(() -> used).failed(failed, new PowerCut(failed, Place.INSIDE_EPOCH));
        Training.End expected = watched().undisturbed(folder.resolve("first"));
        training.with(() -> used)
                .undisturbed(folder.resolve("second"))
                .expectEqual("A run with a callback that was in a failed run before", expected);
    }

    void worksInEvaluation(boolean unchanged) {
        SortedMap<String, Object> without = evaluated(training, folder.resolve("without"));
        SortedMap<String, Object> with = evaluated(watched(), folder.resolve("with"));
        if (unchanged) {
            Expect.equalContents("The results with the callback", without, with);
        }
    }

    private static SortedMap<String, Object> evaluated(Training training, Path directory) {
        Trainer.Builder builder = Training.quiet().runDirectory(directory).loggers();
        training.options().accept(builder);
        Trainer trainer = builder.build();
        SortedMap<String, Object> results = new TreeMap<>();
        try (LightningModule module = training.module().get()) {
            for (Iterable<Batch> loader : training.validation()) {
                trainer.validate(module, loader).forEach((name, value) -> results.put("validate/" + name, value));
            }
            trainer.test(module, training.train()).forEach((name, value) -> results.put("test/" + name, value));
            try (PredictResult predicted = trainer.predict(module, training.train())) {
                results.put("predict", TensorValue.of(predicted.concat()));
            }
        }
        return results;
    }

    void freesNativeMemory() throws Exception {
        int[] runs = {0};
        Leaks.expectNone(() -> watched().undisturbed(folder.resolve("run" + runs[0]++)));
    }
}
