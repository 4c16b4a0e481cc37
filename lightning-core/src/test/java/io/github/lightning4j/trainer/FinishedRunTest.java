package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.fixture.LogLines;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.SGD;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A run that is over stays as it is, however it saved and whatever is started in its directory. */
class FinishedRunTest {
    private final TestData data = TestData.open();

    @TempDir
    Path directory;

    @AfterEach
    void free() {
        data.close();
    }

    static Stream<ModelCheckpoint.Builder> triggers() {
        return Stream.of(
                ModelCheckpoint.builder(),
                ModelCheckpoint.builder().everyNTrainSteps(5).saveLast(true),
                ModelCheckpoint.builder().everyNTrainSteps(5),
                ModelCheckpoint.builder().everyNTrainSteps(7),
                ModelCheckpoint.builder().everyNTrainSteps(100).saveLast(true),
                ModelCheckpoint.builder().everyNEpochs(2),
                ModelCheckpoint.builder().every(Duration.ofHours(1)),
                ModelCheckpoint.builder().monitor("val_loss").saveTopK(1),
                ModelCheckpoint.builder()
                        .monitor("val_loss")
                        .everyNTrainSteps(4)
                        .saveTopK(2),
                ModelCheckpoint.builder().saveTopK(0).saveLast(true));
    }

    @ParameterizedTest
    @MethodSource("triggers")
    void anotherStart_changesNothing(ModelCheckpoint.Builder saving) throws IOException {
        Net first = new Net(0.1);
        Trainer trainer = trainer(saving).build();
        FitResult whole = fit(trainer, first);
        trainer.test(first, data.regression(2, 2));
        first.close();
        Map<String, String> before = files();

        Net second = new Net(0.2);
        Trainer again = trainer(saving).build();
        try (LogLines log = LogLines.capture()) {
            FitResult restarted = fit(again, second);

            assertThat(second.batches).isZero();
            assertThat(restarted.weightsSha256()).isEqualTo(whole.weightsSha256());
            assertThat(restarted.globalStep()).isEqualTo(21);
            assertThat(restarted.stepsExecuted()).isEqualTo(21);
            assertThat(log.messages()).anyMatch(line -> line.contains("hyperparameter lr was 0.1"));
        }
        assertThat(files()).isEqualTo(before);

        again.test(second, data.regression(2, 2));
        assertThat(Files.readAllLines(directory.resolve("metrics.csv")))
                .hasSize(before.get("metrics.csv").split("\n").length + 1);
        second.close();
    }

    @Test
    void aRunThatIsAllowedMore_goesOnFromItsEnd() {
        ModelCheckpoint.Builder saving = ModelCheckpoint.builder().everyNTrainSteps(5);
        try (Net net = new Net(0.1)) {
            fit(trainer(saving).build(), net);
        }
        try (Net net = new Net(0.1)) {
            FitResult result = fit(trainer(saving).maxEpochs(4).build(), net);

            assertThat(result.resumedFromSteps()).containsExactly(21L);
            assertThat(result.globalStep()).isEqualTo(28);
        }
    }

    @Test
    void aTrialRun_touchesNothing() throws IOException {
        ModelCheckpoint.Builder saving = ModelCheckpoint.builder();
        try (Net net = new Net(0.1)) {
            fit(trainer(saving).build(), net);
        }
        Map<String, String> before = files();
        try (Net net = new Net(0.1)) {
            fit(trainer(saving).fastDevRun(true).build(), net);

            assertThat(net.batches).isEqualTo(1);
        }
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void aTrialRun_leavesWhatAKilledRunHasLeft() throws IOException {
        Files.writeString(directory.resolve("metrics.csv"), "step,epoch\n");
        Files.writeString(directory.resolve("starts.csv"), "started_at,resumed_from_step,steps_executed\n");
        Map<String, String> before = files();
        try (Net net = new Net(0.1)) {
            fit(trainer(ModelCheckpoint.builder()).fastDevRun(true).build(), net);
        }
        assertThat(files()).isEqualTo(before);
    }

    private Trainer.Builder trainer(ModelCheckpoint.Builder saving) {
        return Trainer.builder()
                .maxEpochs(3)
                .seed(1)
                .threads(1)
                .enableProgressBar(false)
                .enableModelSummary(false)
                .runDirectory(directory)
                .autoResume(true)
                .callbacks(saving.build());
    }

    private FitResult fit(Trainer trainer, LightningModule module) {
        return trainer.fit(module, data.regression(14, 2), data.regression(2, 2));
    }

    /** Every file and what is in it. */
    private Map<String, String> files() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                boolean text = List.of("csv", "json")
                        .contains(file.toString().substring(file.toString().lastIndexOf('.') + 1));
                contents.put(
                        directory.relativize(file).toString(),
                        text ? Files.readString(file) : Integer.toString(Arrays.hashCode(bytes)));
            }
        }
        return contents;
    }

    private static final class Net extends LightningModule {
        private final Block layer = addChildBlock(
                "layer", Linear.builder().setUnits(TestData.TARGETS).build());
        private int batches;

        Net(double lr) {
            super(Map.of("lr", lr));
        }

        private NDArray loss(Batch batch) {
            return Losses.mse(
                    call(layer, batch.getData()).head(), batch.getLabels().head());
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            batches++;
            return loss(batch);
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            log("val_loss", loss(batch));
        }

        @Override
        public void testStep(Batch batch, int batchIndex) {
            log("test_loss", loss(batch));
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0.1).build();
        }
    }
}
