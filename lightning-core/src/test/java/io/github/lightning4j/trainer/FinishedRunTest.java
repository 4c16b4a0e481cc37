package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.callback.EarlyStopping;
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
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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
            assertThat(log.messages())
                    .anyMatch(line -> line.contains("hyperparameter lr was 0.1"))
                    .noneMatch(line -> line.contains("which this run does not have"));
        }
        assertThat(files()).isEqualTo(before);

        again.test(second, data.regression(2, 2));
        assertThat(Files.readAllLines(directory.resolve("metrics.csv")))
                .hasSize(before.get("metrics.csv").split("\n").length + 1);
        second.close();
    }

    /** Ends the run by a request in one of its hooks. */
    private record Asks(String hook, boolean stillWants) implements Callback {
        private void ask(String now, Run run) {
            if (stillWants && hook.equals(now) && run.globalStep() >= 9) {
                run.requestStop("enough");
            }
        }

        @Override
        public String stateKey() {
            return "Asks";
        }

        @Override
        public void onTrainStart(Run run) {
            if (!stillWants) {
                run.withdrawStop("enough");
            }
        }

        @Override
        public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
            ask("batch", run);
        }

        @Override
        public void onTrainEpochEnd(Run run) {
            ask("epoch", run);
        }

        @Override
        public void onSavePoint(Run run, SavePoint point) {
            if (point == SavePoint.EPOCH) {
                ask("save", run);
            }
        }

        @Override
        public boolean wouldGoOn(StateReader saved) {
            return !stillWants;
        }
    }

    /** What ends a run before its last epoch. */
    private enum End {
        PATIENCE(trainer -> trainer.callbacks(stopping().patience(1).build())),
        THRESHOLD(trainer ->
                trainer.callbacks(stopping().stoppingThreshold(1e9).patience(9).build())),
        DIVERGENCE(trainer ->
                trainer.callbacks(stopping().divergenceThreshold(0).patience(9).build())),
        REQUEST_IN_BATCH(trainer -> trainer.callbacks(new Asks("batch", true))),
        REQUEST_IN_EPOCH_END(trainer -> trainer.callbacks(new Asks("epoch", true))),
        REQUEST_IN_SAVE_POINT(trainer -> trainer.callbacks(new Asks("save", true))),
        TIME(trainer -> trainer.maxTime(Duration.ofMillis(1))),
        STEPS(trainer -> trainer.maxSteps(10));

        private final Consumer<Trainer.Builder> options;

        End(Consumer<Trainer.Builder> options) {
            this.options = options;
        }

        private static EarlyStopping.Builder stopping() {
            return EarlyStopping.builder("val_loss").minDelta(1e9);
        }
    }

    static Stream<Arguments> ends() {
        return Arrays.stream(End.values())
                .flatMap(end -> Stream.of(
                                ModelCheckpoint.builder(),
                                ModelCheckpoint.builder().everyNTrainSteps(5).saveLast(true),
                                ModelCheckpoint.builder().every(Duration.ofHours(1)),
                                ModelCheckpoint.builder().monitor("val_loss"))
                        .map(saving -> Arguments.of(end, saving)));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aRunThatEndedBeforeItsLastEpoch_isOver(End end, ModelCheckpoint.Builder saving) throws IOException {
        FitResult whole = end(saving, end.options);
        assertThat(whole.epochs()).isLessThan(50);
        Map<String, String> before = files();

        FitResult restarted = end(saving, end.options);

        assertThat(restarted.weightsSha256()).isEqualTo(whole.weightsSha256());
        assertThat(restarted.stopReason()).isEqualTo(whole.stopReason());
        assertThat(restarted.history()).isEqualTo(whole.history());
        assertThat(restarted.stepsExecuted()).isEqualTo(whole.stepsExecuted());
        assertThat(files()).isEqualTo(before);
    }

    static Stream<Arguments> reliefs() {
        return Stream.of(
                Arguments.of(
                        End.PATIENCE,
                        options(each ->
                                each.callbacks(End.stopping().patience(3).build()))),
                Arguments.of(
                        End.THRESHOLD,
                        options(each -> each.callbacks(
                                End.stopping().stoppingThreshold(-1).patience(9).build()))),
                Arguments.of(
                        End.DIVERGENCE,
                        options(each -> each.callbacks(End.stopping()
                                .divergenceThreshold(1e9)
                                .patience(9)
                                .build()))),
                Arguments.of(End.REQUEST_IN_BATCH, options(each -> each.callbacks(new Asks("batch", false)))),
                Arguments.of(End.TIME, options(each -> each.maxTime(Duration.ofHours(1)))),
                Arguments.of(End.STEPS, options(each -> each.maxSteps(30))));
    }

    private static Consumer<Trainer.Builder> options(Consumer<Trainer.Builder> options) {
        return options;
    }

    @ParameterizedTest
    @MethodSource("reliefs")
    void aRunWhoseEndIsLifted_goesOn(End end, Consumer<Trainer.Builder> relief) {
        FitResult ended = end(ModelCheckpoint.builder(), end.options);

        FitResult more =
                end(ModelCheckpoint.builder(), relief.andThen(each -> each.maxEpochs((int) ended.epochs() + 5)));

        assertThat(more.epochs()).isGreaterThan(ended.epochs());
        assertThat(more.resumedFromSteps()).containsExactly(ended.globalStep());
    }

    private FitResult end(ModelCheckpoint.Builder saving, Consumer<Trainer.Builder> options) {
        Trainer.Builder trainer = trainer(saving).maxEpochs(50);
        options.accept(trainer);
        try (Net net = new Net(0.1)) {
            return fit(trainer.build(), net);
        }
    }

    @Test
    void timeOfARun_countsOverItsStarts() {
        ModelCheckpoint.Builder saving = ModelCheckpoint.builder();
        Consumer<Trainer.Builder> slow =
                each -> each.maxTime(Duration.ofMillis(400)).maxEpochs(-1).callbacks(new Callback() {
                    @Override
                    public void onTrainEpochEnd(Run run) {
                        pause();
                        if (run.epoch() == 0) {
                            run.interrupt("restart");
                        }
                    }
                });
        assertThat(end(saving, slow).resumeFrom()).isNotNull();

        FitResult result = end(saving, slow);

        assertThat(result.stopReason()).isEqualTo("maxTime=PT0.4S reached");
        assertThat(result.epochs()).isBetween(1L, 3L);
    }

    private static void pause() {
        try {
            Thread.sleep(150);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
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
