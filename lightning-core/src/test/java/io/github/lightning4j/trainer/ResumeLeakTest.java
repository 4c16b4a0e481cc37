package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lightning4j.callback.ModelCheckpoint;
import io.github.lightning4j.testing.NativeMemory;
import io.github.lightning4j.trainer.ResumeFixture.Recipe;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Saving and restoring over and over leaves nothing behind in native memory. */
class ResumeLeakTest {
    private static final long SLACK = 1 << 20;

    @TempDir
    Path directory;

    /** Each start goes on inside a window, so that gradients are restored too. */
    @Test
    void restoringFiftyTimes_leaksNothing() {
        Training training = Training.of(Recipe.ADAM_WITH_ONE_CYCLE, builder -> builder.accumulateGradBatches(3));
        training.start(directory, Stopper.afterBatch(false, 0, 0));
        training.start(directory, Stopper.afterBatch(false, 0, 1));
        NativeMemory before = NativeMemory.now();
        long allocated = NativeMemory.allocated();
        for (int i = 0; i < 50; i++) {
            training.start(directory, Stopper.afterBatch(false, 0, 1));
        }
        assertThat(NativeMemory.now()).isEqualTo(before);
        assertThat(NativeMemory.allocated() - allocated).isLessThan(SLACK);
    }

    @Test
    void savingAThousandTimes_leaksNothing() {
        Training training = Training.of(
                Recipe.ADAM_WITH_ONE_CYCLE,
                builder -> builder.maxEpochs(-1).backgroundCheckpoints(true).callbacks(newest()));
        NativeMemory before = NativeMemory.now();
        training.and(builder -> builder.maxSteps(20)).start(directory.resolve("warm up"));
        long allocated = NativeMemory.allocated();
        training.and(builder -> builder.maxSteps(1000)).start(directory.resolve("run"));

        assertThat(NativeMemory.now()).isEqualTo(before);
        assertThat(NativeMemory.allocated() - allocated).isLessThan(SLACK);
    }

    private static ModelCheckpoint newest() {
        return ModelCheckpoint.builder().everyNTrainSteps(1).build();
    }
}
