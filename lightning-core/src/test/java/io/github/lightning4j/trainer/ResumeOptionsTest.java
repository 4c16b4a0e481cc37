package io.github.lightning4j.trainer;

import static io.github.lightning4j.trainer.ResumeFixture.keepAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Every;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Logger;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.callback.EarlyStopping;
import io.github.lightning4j.checkpoint.CheckpointFolder;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.fixture.LogLines;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.trainer.ResumeFixture.Cnn;
import io.github.lightning4j.trainer.ResumeFixture.Recipe;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From which checkpoint a run goes on, and with which options. */
class ResumeOptionsTest {
    private static final Training PLAIN = Training.of(Recipe.SGD_MOMENTUM, builder -> builder.seed(3));
    private static final Training SAVING = PLAIN.and(builder -> builder.callbacks(keepAll(Every.steps(3))));

    @TempDir
    Path directory;

    private Path checkpoints;

    @BeforeEach
    void name() {
        checkpoints = CheckpointFolder.of(directory);
    }

    // Which checkpoint

    @Test
    void damagedCheckpoint_isNamed_andTheNextOlderOneUsed() throws IOException {
        SAVING.startUntilError(directory, Stopper.afterBatch(true, 1, 3));
        Path newest = checkpoints.resolve("epoch=1-step=9.safetensors");
        damage(newest);
        damage(checkpoints.resolve("last.safetensors"));

        try (LogLines log = LogLines.capture()) {
            FitResult resumed = SAVING.start(directory);

            assertThat(resumed.resumedFromSteps()).containsExactly(6L);
            assertThat(log.messages()).anyMatch(line -> line.contains(newest.toString()));
        }
    }

    private static void damage(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(bytes.length() - 1);
            int last = bytes.read();
            bytes.seek(bytes.length() - 1);
            bytes.write(last ^ 1);
        }
    }

    @Test
    void runWhoseCheckpointsAreAllDamaged_isNotStartedAfresh() throws IOException {
        SAVING.startUntilError(directory, Stopper.afterBatch(true, 0, 3));
        damage(checkpoints.resolve("epoch=0-step=3.safetensors"));
        damage(checkpoints.resolve("last.safetensors"));

        assertThatThrownBy(() -> SAVING.start(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void runKilledDuringItsFirstSave_isStartedAfresh() throws IOException {
        Path half = checkpoints.resolve(".epoch=0-step=3.safetensors.0123456789abcdef.lightning4j-tmp");
        Files.createDirectories(checkpoints);
        Files.createFile(half);
        Files.writeString(directory.resolve("metrics.csv"), "step,epoch\n");

        FitResult result = SAVING.and(builder -> builder.maxEpochs(1)).start(directory);

        assertThat(result.resumedFromSteps()).isEmpty();
        assertThat(half).doesNotExist();
    }

    @Test
    void runKilledBeforeItsFirstSave_isRecognisedWhateverItsLoggers() throws IOException {
        Training logging =
                SAVING.and(builder -> builder.loggers(new TextLogger()).maxEpochs(1));
        Training none = SAVING.and(builder -> builder.loggers().maxEpochs(1));
        for (Training training : List.of(logging, none)) {
            Path run = directory.resolve(String.valueOf(training.hashCode()));
            training.startUntilError(run, Stopper.afterBatch(true, 0, 1));
            assertThat(run.resolve("checkpoints")).doesNotExist();

            assertThatThrownBy(() ->
                            training.and(builder -> builder.autoResume(false)).start(run))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("already holds a run");
            try (LogLines lines = LogLines.capture()) {
                assertThat(training.start(run).resumedFromSteps()).isEmpty();
                assertThat(lines.messages())
                        .contains("The run in " + run
                                + " begins afresh: the 2 steps of its earlier starts ended before a checkpoint");
            }
        }
    }

    @Test
    void filesOfUsersOwnLoggers_areClearedForAFreshStart() throws IOException {
        Training training =
                PLAIN.and(builder -> builder.loggers(new TextLogger()).maxEpochs(1));
        Files.writeString(directory.resolve("rows.txt"), "of a run that was killed\n");
        Files.writeString(directory.resolve("notes.txt"), "of the user\n");
        assertThatThrownBy(
                        () -> training.and(builder -> builder.autoResume(false)).start(directory))
                .hasMessageContaining("already holds a run");

        training.start(directory);

        assertThat(directory.resolve("rows.txt")).content().startsWith("1 ");
        assertThat(directory.resolve("notes.txt")).hasContent("of the user\n");
    }

    /** Appends each row to a file of its own. */
    private static final class TextLogger implements Logger {
        private Path file;

        @Override
        public List<String> files() {
            return List.of("rows.txt");
        }

        @Override
        public void start(Run run) {
            file = run.directory().resolve("rows.txt");
        }

        @Override
        public void logMetrics(Map<String, Double> metrics, long step, long epoch) {
            try {
                Files.writeString(
                        file, step + " " + metrics + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void weightsAlone_areRefused() {
        Training weights = PLAIN.and(builder -> builder.maxEpochs(1)
                .callbacks(ModelCheckpoint.builder().saveWeightsOnly(true).build()));
        Path file = weights.start(directory).bestCheckpoint();
        Trainer trainer = Trainer.builder().runDirectory(directory).build();

        try (NDManager manager = NDManager.newBaseManager();
                Cnn module = new Cnn(Recipe.SGD_MOMENTUM)) {
            assertThatThrownBy(() -> trainer.fit(module, ResumeFixture.train(manager), CkptPath.of(file)))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("holds weights alone");
        }
    }

    @Test
    void finishedRun_isNotChangedByAnotherStart() throws IOException {
        Training training = PLAIN.and(builder -> builder.callbacks(keepAll(Every.epochs(1))));
        FitResult finished = training.start(directory);
        byte[] metrics = Files.readAllBytes(directory.resolve("metrics.csv"));
        byte[] last = Files.readAllBytes(checkpoints.resolve("last.safetensors"));
        FitResult again = training.start(directory);

        assertThat(again.weightsSha256()).isEqualTo(finished.weightsSha256());
        assertThat(again.stepsExecuted()).isEqualTo(finished.stepsExecuted());
        assertThat(again.history()).isEqualTo(finished.history());
        assertThat(again.stopReason()).isEqualTo(finished.stopReason());
        assertThat(directory.resolve("metrics.csv")).hasBinaryContent(metrics);
        assertThat(checkpoints.resolve("last.safetensors")).hasBinaryContent(last);
    }

    @Test
    void checkpointOfAnInterruption_isDeletedOnceTheRunHasSavedItsEnd() {
        FitResult stopped = SAVING.start(directory, Stopper.afterBatch(false, 1, 3));
        assertThat(stopped.resumeFrom()).isEqualTo(checkpoints.resolve("interrupted.safetensors"));

        SAVING.start(directory);

        assertThat(stopped.resumeFrom()).doesNotExist();
    }

    // Saving on exceptions

    @Test
    void exceptionBetweenBatches_isSavedExactly() {
        Training training = PLAIN.and(builder -> builder.callbacks(
                ModelCheckpoint.builder().saveOnException(true).saveLast(true).build()));
        Training failing = training.and(builder -> builder.callbacks(new FailingSavePoint()));
        assertThatThrownBy(() -> failing.start(directory)).hasMessage(Stopper.PLUG);
        assertThat(checkpoints.resolve("epoch=1-step=10-exception.safetensors")).exists();

        FitResult resumed = training.start(directory);
        FitResult undisturbed = training.start(directory.resolve("undisturbed"));

        assertThat(resumed.resumedFromSteps()).containsExactly(10L);
        assertThat(resumed.weightsSha256()).isEqualTo(undisturbed.weightsSha256());
        assertThat(resumed.history()).isEqualTo(undisturbed.history());
    }

    private static final class FailingSavePoint implements Callback {
        @Override
        public void onSavePoint(Run run, SavePoint point) {
            if (run.globalStep() == 10) {
                throw new IllegalStateException(Stopper.PLUG);
            }
        }
    }

    @Test
    void exceptionInsideABatch_isSavedWithAWarningOnResuming() {
        Training training = PLAIN.and(builder -> builder.callbacks(
                ModelCheckpoint.builder().saveOnException(true).build()));
        training.startUntilError(directory, Stopper.afterBatch(true, 1, 3));

        try (LogLines log = LogLines.capture()) {
            FitResult resumed = training.start(directory);

            assertThat(resumed.resumedFromSteps()).containsExactly(11L);
            assertThat(resumed.epochs()).isEqualTo(ResumeFixture.EPOCHS);
            assertThat(log.messages()).anyMatch(line -> line.contains("ended a batch half-way"));
        }
    }

    @Test
    void exceptionBeforeTheRunHasBegun_savesNothing() {
        Training training = PLAIN.with(BadModule::new)
                .and(builder -> builder.callbacks(
                        ModelCheckpoint.builder().saveOnException(true).build()));

        assertThatThrownBy(() -> training.start(directory)).hasMessage(Stopper.PLUG);
        assertThat(checkpoints).doesNotExist();
    }

    private static final class BadModule extends Cnn {
        BadModule() {
            super(Recipe.SGD_MOMENTUM);
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            throw new IllegalStateException(Stopper.PLUG);
        }
    }

    // Options

    @Test
    void changedOptions_win_andAreReported() {
        SAVING.and(builder -> builder.maxEpochs(1)).start(directory);
        try (LogLines log = LogLines.capture()) {
            FitResult longer =
                    SAVING.and(builder -> builder.gradientClipVal(0.5)).start(directory);

            assertThat(longer.epochs()).isEqualTo(ResumeFixture.EPOCHS);
            assertThat(log.messages())
                    .anyMatch(line -> line.startsWith("maxEpochs was 1 when the run was saved and is 3 now"))
                    .anyMatch(line -> line.startsWith("gradientClipVal was 0.0 when the run was saved and is 0.5 now"))
                    .noneMatch(line -> line.startsWith("accumulateGradBatches was"));
        }
    }

    @Test
    void longerPatience_takesBackTheDecisionToStop() {
        Training impatient = SAVING.and(builder -> builder.maxEpochs(9).callbacks(stopping(1)));
        assertThat(impatient.start(directory).epochs()).isEqualTo(2);
        try (LogLines log = LogLines.capture()) {
            FitResult patient = SAVING.and(builder -> builder.maxEpochs(9).callbacks(stopping(4)))
                    .start(directory);

            assertThat(patient.epochs()).isEqualTo(5);
            assertThat(log.messages()).anyMatch(line -> line.contains("patience was 1"));
        }
    }

    private static EarlyStopping stopping(int patience) {
        return EarlyStopping.builder("val_loss")
                .minDelta(100)
                .patience(patience)
                .build();
    }

    @Test
    void changedLearningRate_wins_andIsReported() {
        SAVING.start(directory, Stopper.afterBatch(false, 1, 3));
        try (LogLines log = LogLines.capture()) {
            double[] rate = new double[1];
            SAVING.with(() -> new Slow(rate)).start(directory);

            assertThat(rate[0]).isEqualTo(0.001);
            assertThat(log.messages()).anyMatch(line -> line.startsWith("lr of SGD was 0.05"));
        }
    }

    private static final class Slow extends Cnn {
        private final double[] rate;

        Slow(double[] rate) {
            super(Recipe.SGD_MOMENTUM);
            this.rate = rate;
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0.001).momentum(0.9).build();
        }

        @Override
        public void onTrainBatchEnd(NDArray loss, Batch batch, int batchIndex) {
            rate[0] = optimizers().get(0).paramGroups().get(0).lr();
        }
    }

    // Starts

    @Test
    void fewerEpochsThanThereWere_trainNothingAndSaySo() {
        PLAIN.and(builder -> builder.maxEpochs(2)).start(directory);

        FitResult again = PLAIN.and(builder -> builder.maxEpochs(1)).start(directory);

        assertThat(again.epochs()).isEqualTo(2);
        assertThat(again.stopReason()).isEqualTo("maxEpochs=1 reached");
    }

    @Test
    void aMonitoredMetric_isThereRightAfterResuming() {
        List<Map<String, Double>> atStart = new ArrayList<>();
        Callback noting = new Callback() {
            @Override
            public void onTrainStart(Run run) {
                atStart.add(run.metrics());
            }
        };
        // Validated after every second epoch alone: the resumed epoch makes no value of its own.
        Training training = PLAIN.and(builder -> builder.maxEpochs(4)
                .valCheckInterval(Every.epochs(2))
                .callbacks(
                        EarlyStopping.builder("val_loss").patience(1).build(),
                        ModelCheckpoint.builder()
                                .monitor("val_loss")
                                .saveLast(true)
                                .build(),
                        noting));
        training.and(builder -> builder.maxEpochs(2)).start(directory);

        FitResult resumed = training.start(directory);

        assertThat(resumed.resumedFromSteps()).hasSize(1);
        assertThat(atStart.get(0)).doesNotContainKey("val_loss");
        assertThat(atStart.get(1)).containsKey("val_loss");
        assertThat(resumed.epochs()).isEqualTo(4);
    }

    @Test
    void aRunThatGoesOnSavingElsewhere_stillKnowsItsBest() {
        ModelCheckpoint first = byLoss(directory.resolve("first"));
        ModelCheckpoint second = byLoss(directory.resolve("second"));
        fit(directory.resolve("a"), first, new float[] {1, 3}, null);
        Path best = first.bestModelPath();

        fit(
                directory.resolve("b"),
                second,
                new float[] {1, 3, 5},
                CkptPath.of(first.keptModels().keySet().stream()
                        .reduce((one, next) -> next)
                        .orElseThrow()));

        assertThat(best).isNotNull().exists();
        assertThat(second.bestModelPath()).isEqualTo(best);
        assertThat(second.keptModels()).hasSize(3).containsAllEntriesOf(first.keptModels());
    }

    private static ModelCheckpoint byLoss(Path folder) {
        return ModelCheckpoint.builder()
                .monitor("val_loss")
                .saveTopK(3)
                .dirpath(folder)
                .build();
    }

    /** An epoch for each value of the validation's loss. */
    private static void fit(Path run, ModelCheckpoint saving, float[] losses, @Nullable CkptPath checkpoint) {
        try (TestData data = TestData.open();
                WeightModule module = new WeightModule() {
                    @Override
                    public void validationStep(Batch batch, int batchIndex) {
                        log("val_loss", losses[(int) run().epoch()]);
                    }
                }) {
            Trainer trainer = Trainers.quiet()
                    .maxEpochs(losses.length)
                    .runDirectory(run)
                    .callbacks(saving)
                    .build();
            if (checkpoint == null) {
                trainer.fit(module, data.ones(1, 1), data.ones(1, 1));
            } else {
                trainer.fit(module, data.ones(1, 1), data.ones(1, 1), checkpoint);
            }
        }
    }

    @Test
    void startsCsv_countsTheStepsOfEveryStart() throws IOException {
        SAVING.startUntilError(directory, Stopper.afterBatch(true, 0, 1));
        SAVING.startUntilError(directory, Stopper.afterBatch(true, 1, 3));
        FitResult result = SAVING.start(directory);

        assertThat(result.resumedFromSteps()).containsExactly(9L);
        assertThat(result.stepsExecuted()).isEqualTo(2 + 11 + 12);
        List<String> rows = Files.readAllLines(directory.resolve("starts.csv"));
        assertThat(rows.get(0)).isEqualTo("started_at,resumed_from_step,steps_executed");
        assertThat(rows.subList(1, rows.size()))
                .satisfiesExactly(
                        first -> assertThat(first).endsWith(",,2"),
                        second -> assertThat(second).endsWith(",,11"),
                        third -> assertThat(third).endsWith(",9,12"));
    }

    @Test
    void startsOfARunResumedElsewhere_areTakenFromItsCheckpoint() {
        FitResult stopped = SAVING.start(directory, Stopper.afterBatch(false, 1, 3));
        Path elsewhere = directory.resolve("elsewhere");
        Trainer trainer = Trainer.builder()
                .maxEpochs(2)
                .threads(1)
                .enableProgressBar(false)
                .enableModelSummary(false)
                .runDirectory(elsewhere)
                .callbacks(keepAll(Every.steps(3)))
                .build();
        try (NDManager manager = NDManager.newBaseManager();
                LightningModule module = new Cnn(Recipe.SGD_MOMENTUM)) {
            FitResult resumed = trainer.fit(
                    module,
                    ResumeFixture.train(manager),
                    ResumeFixture.val(manager),
                    CkptPath.of(stopped.resumeFrom()));

            assertThat(resumed.runDirectory()).isEqualTo(elsewhere);
            assertThat(resumed.stepsExecuted()).isEqualTo(14);
        }
    }
}
