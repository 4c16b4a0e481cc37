package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints written in the background of a fit: none is lost, and no failure goes unnoticed. */
@Timeout(60)
class BackgroundSavingTest {
    @TempDir
    Path folder;

    /** Saves once, after the first step. */
    private record SaveOnce(Path file) implements Callback {
        @Override
        public String stateKey() {
            return "SaveOnce";
        }

        @Override
        public void onSavePoint(Run run, SavePoint point) {
            if (point == SavePoint.BATCH && run.globalStep() == 1) {
                run.saveCheckpoint(file, false);
            }
        }
    }

    /** Counts the steps; from the second on it waits until the file cannot be on its way any more. */
    private static final class Patience implements Callback {
        private long steps;

        @Override
        public void onTrainBatchStart(Run run, Batch batch, int batchIndex) {
            steps = run.globalStep();
            if (steps > 0) {
                sleep();
            }
        }

        private static void sleep() {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void fit(long steps, Path file, @Nullable Callback other) {
        Trainer.Builder builder = Trainers.quiet()
                .maxEpochs(-1)
                .maxSteps(steps)
                .backgroundCheckpoints(true)
                .callbacks(new SaveOnce(file));
        if (other != null) {
            builder.callbacks(other);
        }
        try (TestData data = TestData.open();
                WeightModule module = new WeightModule()) {
            builder.build().fit(module, data.ones(4, 1));
        }
    }

    @Test
    void failure_comesOutOfALaterStep() throws IOException {
        Path noFolder = Files.createFile(folder.resolve("file"));
        Patience patience = new Patience();

        assertThatThrownBy(() -> fit(1_000, noFolder.resolve("a.safetensors"), patience))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("in the background")
                .hasMessageContaining(noFolder.toString());
        assertThat(patience.steps).isLessThan(999);
    }

    @Test
    void failureOfTheLastSave_comesOutOfTheEnd() throws IOException {
        Path noFolder = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> fit(1, noFolder.resolve("a.safetensors"), null))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(noFolder.toString());
    }

    @Test
    void endOfTheRun_waitsForTheLastSave() {
        Path file = folder.resolve("a.safetensors");
        fit(1, file, null);

        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.globalStep()).isEqualTo(1);
        }
    }
}
