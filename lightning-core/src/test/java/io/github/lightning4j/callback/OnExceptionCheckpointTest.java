package io.github.lightning4j.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.Trainer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnExceptionCheckpointTest {
    private final TestData data = TestData.open();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        data.close();
    }

    /** Fails between two batches, at its first start. */
    private static LambdaCallback failing(boolean[] failed) {
        return LambdaCallback.builder()
                .onSavePoint((run, point) -> {
                    if (run.epoch() == 1 && run.batchesDone() == 1 && !failed[0]) {
                        failed[0] = true;
                        throw new IllegalStateException("planned");
                    }
                })
                .build();
    }

    private Trainer.Builder trainer(Path run) {
        return Trainers.quiet().maxEpochs(2).runDirectory(run).callbacks(new OnExceptionCheckpoint());
    }

    @Test
    void fitThatFails_isSaved_goesOnExactly_andDeletesTheFile() {
        Path run = directory.resolve("run");
        Path file = run.resolve("checkpoints/on_exception.safetensors");
        boolean[] failed = {false};
        try (BoringModule module = new BoringModule()) {
            assertThatThrownBy(() ->
                            trainer(run).callbacks(failing(failed)).build().fit(module, data.regression(12, 4)))
                    .hasMessage("planned")
                    .hasNoSuppressedExceptions();
        }
        assertThat(file).exists();
        String expected;
        try (BoringModule module = new BoringModule()) {
            expected = trainer(directory.resolve("undisturbed"))
                    .build()
                    .fit(module, data.regression(12, 4))
                    .weightsSha256();
        }
        try (BoringModule module = new BoringModule()) {
            FitResult result = trainer(run)
                    .callbacks(failing(failed))
                    .build()
                    .fit(module, data.regression(12, 4), CkptPath.last());
            assertThat(result.weightsSha256()).isEqualTo(expected);
            assertThat(result.resumedFromSteps()).containsExactly(4L);
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void runsThatSaveNothing_failAsTheyWould() {
        LambdaCallback early = LambdaCallback.builder()
                .setup((run, stage) -> {
                    throw new IllegalStateException("planned");
                })
                .build();
        try (BoringModule module = new BoringModule()) {
            assertThatThrownBy(() -> trainer(directory.resolve("early"))
                            .callbacks(early)
                            .build()
                            .fit(module, data.regression(4, 4)))
                    .hasMessage("planned")
                    .hasNoSuppressedExceptions();
        }
        assertThat(directory.resolve("early/checkpoints")).doesNotExist();
    }

    @Test
    void badNames_areRefusedAtTheCall() {
        assertThatThrownBy(() -> new OnExceptionCheckpoint("a/b")).hasMessageContaining("'a/b'");
        assertThatThrownBy(() -> new OnExceptionCheckpoint(" ")).hasMessageContaining("without its folder");
    }
}
