package io.github.lightning4j.testing;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Logger;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.checkpoint.StateContents;
import io.github.lightning4j.trainer.Accelerator;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.SignalPolicy;
import io.github.lightning4j.trainer.Trainer;
import io.github.lightning4j.trainer.internal.log.RunHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A training that is run again and again, disturbed or not, with a new module each time. */
record Training(
        Supplier<? extends LightningModule> module,
        Iterable<Batch> train,
        List<Iterable<Batch>> validation,
        Consumer<Trainer.Builder> options) {

    /** Where a run ended: its complete state by key, but for what may differ between equal runs, and its rows. */
    record End(SortedMap<String, Object> state, List<MemoryLogger.Row> rows) {
        static End of(Path directory, MemoryLogger logger) {
            try (Checkpoint checkpoint = Checkpoint.open(Probe.endOf(directory))) {
                SortedMap<String, Object> state = StateContents.of(checkpoint.state());
                States.dropVolatile(state);
                showHistory(directory, state);
                return new End(state, logger.rows());
            }
        }

        /** The epochs themselves in place of their digest, so that the one that differs is named. */
        private static void showHistory(Path directory, SortedMap<String, Object> state) {
            state.keySet().removeIf(key -> key.startsWith("history/"));
            List<String> epochs = lines(directory.resolve(RunHistory.NAME));
            for (int i = 0; i < epochs.size(); i++) {
                state.put("history/" + i, epochs.get(i));
            }
        }

        private static List<String> lines(Path file) {
            try {
                return Files.readAllLines(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void expectEqual(String what, End expected) {
            Expect.equalContents(what, expected.state, state);
            Expect.equalLists(what + ", logged row", expected.rows, rows);
        }

        /** The weights and buffers alone. */
        Map<String, Object> weights() {
            return state.subMap("model/", "model0");
        }
    }

    Training and(Consumer<Trainer.Builder> more) {
        return new Training(module, train, validation, options.andThen(more));
    }

    Training with(Supplier<? extends Callback> callback) {
        return and(builder -> builder.callbacks(callback.get()));
    }

    Training ofModule(Supplier<? extends LightningModule> other) {
        return new Training(other, train, validation, options);
    }

    /** With gradients accumulated over so many batches, unless the options say otherwise. */
    Training accumulating(int batches) {
        return new Training(module, train, validation, builder -> {
            builder.accumulateGradBatches(batches);
            options.accept(builder);
        });
    }

    /** Runs from start to end. */
    End undisturbed(Path directory) {
        MemoryLogger logger = new MemoryLogger();
        start(directory, new Probe(directory, null), null, logger);
        return End.of(directory, logger);
    }

    /** Runs from start to end with these loggers alone. */
    void logged(Path directory, Logger... loggers) {
        start(directory, new Probe(directory, null), null, loggers);
    }

    /** Interrupts a run and resumes it, and expects that this leaves no trace. */
    void expectExactResume(Place place, TemporaryFolder folder) {
        Training windowed = accumulating(place.window());
        End expected = windowed.undisturbed(folder.resolve("undisturbed"));
        Path directory = folder.resolve("disturbed");
        MemoryLogger logger = new MemoryLogger();
        Path saved = windowed.interrupted(directory, new Probe(directory, place), logger);
        windowed.resumed(directory, new Probe(directory, null), saved, logger);
        End.of(directory, logger).expectEqual("After a run that was interrupted " + place + " and resumed", expected);
    }

    /** Runs until the probe interrupts it; returns where it can be resumed. */
    Path interrupted(Path directory, Probe probe, Logger... loggers) {
        FitResult result = start(directory, probe, null, loggers);
        expectReached(probe);
        return Objects.requireNonNull(result.resumeFrom());
    }

    /** Runs until it fails. */
    void failed(Path directory, PowerCut cut, Logger... loggers) {
        try {
            start(directory, cut, null, loggers);
        } catch (PowerCut.Failure failure) {
            Expect.equal("The failures in the clean-up of a run", List.of(), List.of(failure.getSuppressed()));
        }
        expectReached(cut);
    }

    private static void expectReached(Probe probe) {
        Expect.that(
                probe.reached(),
                "The run ended before it could be interrupted: it needs two epochs with two batches or more.");
    }

    void resumed(Path directory, Probe probe, Path saved, Logger... loggers) {
        start(directory, probe, CkptPath.of(saved), loggers);
    }

    private FitResult start(Path directory, Probe probe, @Nullable CkptPath from, Logger... loggers) {
        Trainer.Builder builder =
                quiet().maxEpochs(2).runDirectory(directory).loggers(loggers).callbacks(probe);
        options.accept(builder);
        Trainer trainer = builder.build();
        try (LightningModule fresh = module.get()) {
            return from == null ? trainer.fit(fresh, train, validation) : trainer.fit(fresh, train, validation, from);
        }
    }

    /** A Trainer that shows nothing, saves nothing by itself, and whose results can be compared. */
    static Trainer.Builder quiet() {
        return Trainer.builder()
                .accelerator(Accelerator.CPU)
                .threads(1)
                .seed(1)
                .logEveryNSteps(1)
                .numSanityValSteps(0)
                .signals(SignalPolicy.NONE)
                .enableProgressBar(false)
                .enableModelSummary(false)
                .enableCheckpointing(false);
    }
}
