package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.Every;
import io.github.lightning4j.Run;
import io.github.lightning4j.testing.CheckpointContent;
import io.github.lightning4j.trainer.ResumeFixture.Cnn;
import io.github.lightning4j.trainer.ResumeFixture.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A run that is stopped anywhere and resumed ends bit for bit where it would have ended. */
class ResumeMatrixTest {
    @TempDir
    Path folder;

    enum Place {
        INSIDE_EPOCH(1),
        END_OF_EPOCH(1),
        INSIDE_VALIDATION(1),
        INSIDE_WINDOW(3);

        final int window;

        Place(int window) {
            this.window = window;
        }
    }

    enum Means {
        REQUEST_STOP,
        ERROR
    }

    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (Every interval : List.of(Every.steps(1), Every.steps(2), Every.epochs(1))) {
            for (Place place : Place.values()) {
                for (Means means : Means.values()) {
                    for (Recipe recipe : Recipe.values()) {
                        cases.add(Arguments.of(interval, place, means, recipe));
                    }
                }
            }
        }
        return cases.stream();
    }

    @ParameterizedTest(name = "save {0}, stopped {1} by {2}, {3}")
    @MethodSource("cases")
    void resumedRun_endsWhereAnUndisturbedOneEnds(Every interval, Place place, Means means, Recipe recipe)
            throws IOException {
        Path disturbed = folder.resolve("disturbed");
        if (means == Means.REQUEST_STOP) {
            FitResult stopped = run(disturbed, interval, place, recipe, new Stopper(place, means), null);
            assertThat(stopped.stopReason()).contains("requestStop");
        } else {
            assertThatThrownBy(() -> run(disturbed, interval, place, recipe, new Stopper(place, means), null))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("pulled the plug");
        }
        FitResult resumed = run(disturbed, interval, place, recipe, null, null);

        Path undisturbed = folder.resolve("undisturbed");
        FitResult expected = run(undisturbed, interval, place, recipe, null, resumed.seed());

        assertThat(expected.epochs()).isEqualTo(ResumeFixture.EPOCHS);
        assertThat(resumed.weightsSha256()).isEqualTo(expected.weightsSha256());
        assertThat(last(disturbed)).isEqualTo(last(undisturbed));
        assertThat(resumed.history()).isEqualTo(expected.history());
        assertThat(metricsWithoutTimes(disturbed)).isEqualTo(metricsWithoutTimes(undisturbed));
        assertThat(resumed.resumedFromSteps()).hasSize(1);
        if (means == Means.REQUEST_STOP) {
            assertThat(resumed.stepsExecuted()).isEqualTo(expected.globalStep());
        }
    }

    private static CheckpointContent last(Path directory) throws IOException {
        return CheckpointContent.of(directory.resolve("checkpoints").resolve("last.safetensors"));
    }

    private static List<String> metricsWithoutTimes(Path directory) throws IOException {
        List<String> lines = Files.readAllLines(directory.resolve("metrics.csv"));
        List<String> header = List.of(lines.get(0).split(",", -1));
        List<String> kept = new ArrayList<>();
        for (String line : lines) {
            List<String> cells = new ArrayList<>(List.of(line.split(",", -1)));
            cells.set(header.indexOf("epoch_time"), "");
            cells.set(header.indexOf("samples_per_second"), "");
            kept.add(String.join(",", cells));
        }
        return kept;
    }

    private static FitResult run(
            Path directory,
            Every interval,
            Place place,
            Recipe recipe,
            @Nullable Stopper stopper,
            @Nullable Long seed) {
        TrainerBuilder builder =
                ResumeFixture.trainer(directory, place.window).callbacks(ResumeFixture.keepAll(interval));
        if (stopper != null) {
            builder.callbacks(stopper);
        }
        if (seed != null) {
            builder.seed(seed);
        }
        Trainer trainer = builder.build();
        if (stopper != null) {
            stopper.trainer = trainer;
        }
        try (NDManager manager = NDManager.newBaseManager();
                Cnn module = new Cnn(recipe)) {
            return trainer.fit(module, ResumeFixture.train(manager), ResumeFixture.val(manager));
        }
    }

    /** Stops the second epoch once, where it is told to. */
    private static final class Stopper implements Callback {
        private final Place place;
        private final Means means;
        private @Nullable Trainer trainer;

        Stopper(Place place, Means means) {
            this.place = place;
            this.means = means;
        }

        private void stopIf(boolean here) {
            if (!here) {
                return;
            }
            if (means == Means.ERROR) {
                throw new AssertionError("pulled the plug");
            }
            trainer.requestStop();
        }

        @Override
        public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
            if (run.epoch() == 1) {
                stopIf(place == Place.INSIDE_EPOCH && batchIndex == 2);
                stopIf(place == Place.INSIDE_WINDOW && batchIndex == 4);
                stopIf(place == Place.END_OF_EPOCH && batchIndex == ResumeFixture.BATCHES - 1);
            }
        }

        @Override
        public void onValidationBatchEnd(Run run, Batch batch, int batchIndex, int loaderIndex) {
            stopIf(place == Place.INSIDE_VALIDATION && run.epoch() == 1 && batchIndex == 1);
        }
    }
}
