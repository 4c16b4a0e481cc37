package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.checkpoint.Weights;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.GuideBlocks;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.optim.Adam;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
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

    static final class Configured extends LightningModule {
        record Config(int hidden, double lr) {}

        private final Config config;
        private final Block net;

        Configured(Config config) {
            super(config);
            this.config = config;
            net = addChildBlock(
                    "net", Linear.builder().setUnits(config.hidden()).build());
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            return call(net, batch.getData()).head().square().mean();
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return Adam.builder(parameters()).lr(config.lr()).build();
        }
    }

    @Test
    void hyperparameters_makeTheModuleAgain() {
        try (TestData data = TestData.open();
                Configured module = new Configured(new Configured.Config(3, 0.01))) {
            FitResult result = Trainers.quiet()
                    .runDirectory(directory)
                    .enableCheckpointing(true)
                    .build()
                    .fit(module, data.regression(8, 4));
            Path file = Objects.requireNonNull(result.bestCheckpoint());

            Configured again = Checkpoint.load(file, Configured.Config.class, Configured::new);

            assertThat(again.hyperparameters()).containsEntry("hidden", 3).containsEntry("lr", 0.01);
            assertThat(Weights.sha256(again)).isEqualTo(result.weightsSha256());
            again.close();
        }
    }

    @Test
    void bestModelAndProtection_areTwoCallbacks() {
        ModelCheckpoint best = ModelCheckpoint.builder()
                .monitor("val_loss")
                .filename("best-epoch={epoch}")
                .build();
        ModelCheckpoint newest = ModelCheckpoint.builder()
                .everyNTrainSteps(500)
                .filename("newest-step={step}")
                .build();
        try (TestData data = TestData.open();
                BoringModule module = new BoringModule()) {
            FitResult result = Trainers.quiet()
                    .runDirectory(directory)
                    .callbacks(best, newest)
                    .build()
                    .fit(module, data.regression(500, 1), data.regression(4, 4));

            assertThat(result.bestCheckpoint()).hasFileName("best-epoch=0.safetensors");
            assertThat(directory.resolve("checkpoints/newest-step=500.safetensors"))
                    .exists();
        }
    }

    private FitResult train() {
        try (TestData data = TestData.open();
                BoringModule module = new BoringModule()) {
            DataLoader train = data.regression(52, 1);
            DataLoader val = data.regression(4, 4);
            Trainer trainer = Trainer.builder()
                    .maxEpochs(10)
                    .threads(1)
                    .runDirectory(directory)
                    .autoResume(true)
                    .callbacks(ModelCheckpoint.builder().everyNTrainSteps(500).build())
                    .build();
            FitResult result = trainer.fit(module, train, val);
            return result;
        }
    }
}
