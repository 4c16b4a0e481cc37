package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.fixture.CheckpointContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A training that can be started again and again in one run directory, disturbed or not. */
record Training(
        Supplier<LightningModule> module,
        Function<NDManager, Iterable<Batch>> train,
        Function<NDManager, List<Iterable<Batch>>> vals,
        Consumer<Trainer.Builder> options) {
    /** The CNN of the fixture on its data. */
    static Training of(ResumeFixture.Recipe recipe, Consumer<Trainer.Builder> options) {
        return new Training(
                () -> new ResumeFixture.Cnn(recipe),
                ResumeFixture::train,
                manager -> List.of(ResumeFixture.val(manager)),
                options);
    }

    Training with(Function<NDManager, Iterable<Batch>> otherTrain) {
        return new Training(module, otherTrain, vals, options);
    }

    Training with(Supplier<LightningModule> otherModule) {
        return new Training(otherModule, train, vals, options);
    }

    Training and(Consumer<Trainer.Builder> more) {
        return new Training(module, train, vals, options.andThen(more));
    }

    /** Starts, or goes on from the newest checkpoint in the directory. */
    FitResult start(Path directory) {
        return start(directory, null);
    }

    FitResult start(Path directory, @Nullable Stopper stopper) {
        Trainer.Builder builder = Trainer.builder()
                .maxEpochs(ResumeFixture.EPOCHS)
                .threads(1)
                .logEveryNSteps(1)
                .enableProgressBar(false)
                .enableModelSummary(false)
                .runDirectory(directory)
                .autoResume(true);
        options.accept(builder);
        if (stopper != null) {
            builder.callbacks(stopper);
        }
        Trainer trainer = builder.build();
        if (stopper != null) {
            stopper.stops(trainer);
        }
        try (NDManager manager = NDManager.newBaseManager();
                LightningModule fresh = module.get()) {
            return trainer.fit(fresh, train.apply(manager), vals.apply(manager));
        }
    }

    /** Starts and is stopped by an error. */
    void startUntilError(Path directory, Stopper stopper) {
        try {
            start(directory, stopper);
        } catch (AssertionError e) {
            assertThat(e).hasMessage(Stopper.PLUG);
            return;
        }
        throw new AssertionError("The run was not stopped.");
    }

    /** All that must not tell a resumed run from an undisturbed one. */
    record Traces(
            String weights,
            CheckpointContent last,
            List<String> metrics,
            Object history,
            long epochs,
            long steps,
            String stopReason) {
        static Traces of(FitResult result) {
            Path directory = result.runDirectory();
            try {
                return new Traces(
                        result.weightsSha256(),
                        CheckpointContent.of(directory.resolve("checkpoints").resolve("last.safetensors")),
                        metricsWithoutTimes(directory),
                        result.history(),
                        result.epochs(),
                        result.globalStep(),
                        result.stopReason());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static List<String> metricsWithoutTimes(Path directory) throws IOException {
        List<String> lines = Files.readAllLines(directory.resolve("metrics.csv"));
        List<String> header = List.of(lines.get(0).split(",", -1));
        List<String> kept = new ArrayList<>();
        for (String line : lines) {
            List<String> cells = new ArrayList<>(List.of(line.split(",", -1)));
            cells.set(header.indexOf("epoch_time"), "");
            cells.set(header.indexOf("samples_per_second"), "");
            cells.set(header.indexOf("data_time"), "");
            kept.add(String.join(",", cells));
        }
        return kept;
    }
}
