package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.GuideBlocks;
import io.github.lightning4j.fixture.TestData;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the Java blocks of docs/checkpoints.md, which are parts of this class. */
class CheckpointsGuideTest {
    @TempDir
    Path directory;

    @Test
    void blocksOfTheGuide_arePartsOfThisClass() throws IOException {
        GuideBlocks.assertArePartOf(getClass(), "checkpoints.md");
    }

    @Test
    void resuming() {
        assertThat(train().resumedFromSteps()).isEmpty();

        FitResult over = train();

        assertThat(over.resumedFromSteps()).containsExactly(520L);
        assertThat(over.stepsExecuted()).isEqualTo(520);
    }

    private FitResult train() {
        try (TestData data = TestData.open();
                BoringModule module = new BoringModule()) {
            DataLoader train = data.regression(52, 1);
            DataLoader val = data.regression(4, 4);
            Trainer trainer = Trainer.builder()
                    .maxEpochs(10)
                    .runDirectory(directory)
                    .autoResume(true)
                    .callbacks(ModelCheckpoint.builder().everyNTrainSteps(500).build())
                    .build();
            FitResult result = trainer.fit(module, train, val);
            return result;
        }
    }
}
