package io.github.lightning4j.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Every;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.Stage;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import io.github.lightning4j.testing.CallbackKit;
import io.github.lightning4j.testing.Checks;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class EMAWeightAveragingTest {
    private final TestData data = TestData.open();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        data.close();
    }

    private static EMAWeightAveraging.Builder half() {
        return EMAWeightAveraging.builder().decay(0.5);
    }

    /** Notes the weight that validations see and the one that is trained. Trained on 1, 2, 4, 8 it is -1, -3, -7, -15. */
    private static final class Seen extends WeightModule {
        private final List<Double> validated = new ArrayList<>();
        private final List<Double> trained = new ArrayList<>();

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            validated.add(value());
            log("val_w", value());
        }

        @Override
        public void testStep(Batch batch, int batchIndex) {
            log("test_w", value());
        }

        @Override
        public void onTrainBatchStart(Batch batch, int batchIndex) {
            trained.add(value());
        }
    }

    private FitResult fit(Seen module, Trainer.Builder trainer) {
        return trainer.build().fit(module, data.numbers(1, 1, 2, 4, 8), data.numbers(1, 0));
    }

    @TestFactory
    Stream<DynamicTest> callback_passesAllChecks() {
        return Checks.tests(
                "EMAWeightAveraging",
                CallbackKit.builder(() -> half().build())
                        .changesTheRun()
                        .build()
                        .checks());
    }

    @Test
    void average_isThatByHand_inValidation_inTest_andAfterTheFit() {
        Trainer.Builder trainer = Trainers.quiet().callbacks(half().build()).valCheckInterval(Every.steps(1));
        try (Seen module = new Seen()) {
            fit(module, trainer);

            assertThat(module.validated).containsExactly(-1.0, -2.0, -4.5, -9.75);
            assertThat(module.trained).containsExactly(0.0, -1.0, -3.0, -7.0);
            assertThat(module.value()).isEqualTo(-9.75);
            assertThat(trainer.build().test(module, data.numbers(1, 0))).containsEntry("test_w", -9.75);
        }
    }

    @Test
    void intervalAndStart_sayWhichStepsCount_andBeforeThemTheWeightsAreUsedAsTheyAre() {
        Trainer.Builder trainer = Trainers.quiet()
                .callbacks(half().startStep(1).everyNSteps(2).build())
                .valCheckInterval(Every.steps(1));
        try (Seen module = new Seen()) {
            fit(module, trainer);

            assertThat(module.validated).containsExactly(-1.0, -3.0, -3.0, -9.0);
        }
        try (Seen module = new Seen()) {
            fit(
                    module,
                    Trainers.quiet().maxEpochs(2).callbacks(half().startEpoch(1).build()));

            // The second epoch goes on from -15 to -16, -18, -22, -30.
            assertThat(module.validated).containsExactly(-15.0, -24.75);
        }
    }

    /** The weight in a file. */
    private static double saved(Path file) {
        try (Checkpoint checkpoint = Checkpoint.open(file);
                WeightModule module = new WeightModule()) {
            checkpoint.restoreInto(module);
            return module.value();
        }
    }

    @Test
    void everyFile_holdsTheAverage_andTheTrainedWeightsGoOn() {
        Callback saving = new Callback() {
            @Override
            public void onSavePoint(Run run, SavePoint point) {
                if (point == SavePoint.BATCH && run.batchesDone() == 3) {
                    run.saveCheckpoint(directory.resolve("whole.safetensors"), false);
                    run.saveCheckpoint(directory.resolve("weights.safetensors"), true);
                }
            }
        };
        Trainer.Builder trainer = Trainers.quiet()
                .callbacks(
                        half().build(),
                        saving,
                        ModelCheckpoint.builder().monitor("val_w").build())
                .runDirectory(directory.resolve("run"));
        try (Seen module = new Seen()) {
            FitResult result = fit(module, trainer);

            assertThat(saved(directory.resolve("whole.safetensors"))).isEqualTo(-4.5);
            assertThat(saved(directory.resolve("weights.safetensors"))).isEqualTo(-4.5);
            assertThat(saved(Objects.requireNonNull(result.bestCheckpoint()))).isEqualTo(-9.75);
            assertThat(result.metrics()).containsEntry("val_w", -9.75);
            assertThat(module.trained).containsExactly(0.0, -1.0, -3.0, -7.0);
        }
        try (Seen resumed = new Seen()) {
            Trainers.quiet()
                    .callbacks(half().build())
                    .build()
                    .fit(
                            resumed,
                            data.numbers(1, 1, 2, 4, 8),
                            data.numbers(1, 0),
                            CkptPath.of(directory.resolve("whole.safetensors")));
            assertThat(resumed.trained).containsExactly(-7.0);
            assertThat(resumed.value()).isEqualTo(-9.75);
        }
    }

    @Test
    void fitInterruptedWithinAValidation_endsBitForBitAsAnUndisturbedOne() {
        assertExact(LambdaCallback.builder()
                .onValidationBatchStart((run, batch, index, loader) -> {
                    if (run.stage() == Stage.VALIDATE && run.epoch() == 1 && index == 1) {
                        run.interrupt("the machine is needed");
                    }
                })
                .build());
    }

    @Test
    void fitThatFailedWithinAValidation_endsBitForBitAsAnUndisturbedOne() {
        assertExact(LambdaCallback.builder()
                .onValidationEpochStart(run -> {
                    if (run.epoch() == 1) {
                        throw new IllegalStateException("planned");
                    }
                })
                .build());
    }

    private void assertExact(Callback disturbing) {
        String expected;
        try (BoringModule module = new BoringModule()) {
            expected = fit(module, directory.resolve("undisturbed")).weightsSha256();
        }
        Path disturbed = directory.resolve("disturbed");
        try (BoringModule module = new BoringModule()) {
            fit(module, disturbed, disturbing);
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("planned");
        }
        try (BoringModule module = new BoringModule()) {
            FitResult result = fit(module, disturbed);
            assertThat(result.resumedFromSteps()).hasSize(1);
            assertThat(result.weightsSha256()).isEqualTo(expected);
        }
    }

    private FitResult fit(BoringModule module, Path run, Callback... more) {
        return Trainers.quiet()
                .maxEpochs(3)
                .callbacks(EMAWeightAveraging.builder().decay(0.9).build())
                .callbacks(more)
                .callbacks(ModelCheckpoint.builder().saveOnException(true).build())
                .runDirectory(run)
                .autoResume(true)
                .build()
                .fit(module, data.regression(12, 4), data.regression(12, 4));
    }

    @Test
    void twoAverages_areRefused() {
        try (BoringModule module = new BoringModule()) {
            assertThatThrownBy(() -> Trainers.quiet()
                            .callbacks(half().build(), half().build())
                            .build()
                            .fit(module, data.regression(4, 2)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("Two callbacks average the weights");
        }
    }

    @Test
    void badOptions_areRefusedAtTheCall() {
        EMAWeightAveraging.Builder builder = EMAWeightAveraging.builder();
        assertThatThrownBy(() -> builder.decay(1.1)).hasMessageContaining("decay is 1.1");
        assertThatThrownBy(() -> builder.everyNSteps(0)).hasMessageContaining("everyNSteps is 0");
        assertThatThrownBy(() -> builder.startStep(-1)).hasMessageContaining("startStep is -1");
        assertThatThrownBy(() -> builder.startEpoch(-1)).hasMessageContaining("startEpoch is -1");
    }
}
