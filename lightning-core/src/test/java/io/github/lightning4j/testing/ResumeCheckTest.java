package io.github.lightning4j.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.NoisyModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.metric.MeanMetric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ResumeCheckTest {
    private final TestData data = TestData.open();
    private final DataLoader train = DataLoader.of(data.classes(22), 4, true);
    private final DataLoader val = DataLoader.of(data.classes(9), 4);

    @AfterEach
    void close() {
        data.close();
    }

    @TestFactory
    Stream<DynamicTest> aModule_resumesExactly() {
        return Checks.tests(
                "NoisyModule",
                ResumeCheck.builder(NoisyModule::new, train)
                        .validation(val)
                        .trainer(options -> options.gradientClipVal(0.5))
                        .build()
                        .checks());
    }

    @Test
    void aModule_resumesExactlyAndLeavesNoFiles() throws Exception {
        List<String> before = temporaryFolders();
        ResumeCheck.assertResumesExactly(NoisyModule::new, train, val);
        assertThat(temporaryFolders()).isEqualTo(before);
    }

    private static List<String> temporaryFolders() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.map(path -> Objects.toString(path.getFileName()))
                    .filter(name -> name.startsWith("lightning4j-testing"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void moduleThatHidesAState_isCaughtByTheWeightThatDiffers() throws Exception {
        Checks.assertFailures(
                ResumeCheck.builder(WarmingUp::new, train).build().checks(),
                "interrupted after its first batch \\| After a run that was interrupted after its first batch and resumed:"
                        + " 'model/.*' differs: .* was expected at element \\d+ of .*; so do",
                "interrupted inside its second epoch \\| ",
                "interrupted inside an accumulation window \\| ",
                "interrupted at the end of its first epoch \\| ");
    }

    @Test
    void moduleThatSavesItsState_passes() throws Exception {
        Checks.assertFailures(ResumeCheck.builder(
                        () -> new WarmingUp() {
                            @Override
                            public void onSaveCheckpoint(StateWriter state) {
                                state.putLong("seen", seen);
                            }

                            @Override
                            public void onLoadCheckpoint(StateReader state) {
                                seen = state.getLong("seen");
                            }
                        },
                        train)
                .build()
                .checks());
    }

    @Test
    void metricThatLosesItsState_isCaughtByItsKey() throws Exception {
        Checks.assertFailures(
                ResumeCheck.builder(LosesItsMean::new, train)
                        .places(Place.INSIDE_EPOCH, Place.END_OF_EPOCH)
                        .build()
                        .checks(),
                "interrupted inside its second epoch \\| .* 'history/1' differs");
    }

    @Test
    void loggedValueThatIsNotRestored_isCaughtByItsRow() throws Exception {
        Checks.assertFailures(
                ResumeCheck.builder(
                                () -> new WarmingUp() {
                                    @Override
                                    float factor() {
                                        log("seen", seen);
                                        return 1;
                                    }
                                },
                                train)
                        .places(Place.END_OF_EPOCH)
                        .build()
                        .checks(),
                "interrupted at the end of its first epoch \\| .*");
    }

    /** Without accumulation windows, which the Trainer refuses for such a module. */
    @Test
    void moduleThatOptimizesByItself_isCheckedWhereItCanBe() throws Exception {
        ResumeCheck check = ResumeCheck.builder(Manual::new, train).build();

        assertThat(check.checks()).hasSize(Place.values().length - 1);
        check.run();
        ResumeCheck inside = ResumeCheck.builder(Manual::new, train)
                .places(Place.INSIDE_WINDOW)
                .build();
        assertThatThrownBy(inside::run)
                .hasMessageContaining(
                        "accumulateGradBatches and gradientClipVal of the Trainer cannot apply, which are 2");
    }

    private static final class Manual extends NoisyModule {
        @Override
        public boolean automaticOptimization() {
            return false;
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray loss = super.trainingStep(batch, batchIndex);
            if (loss != null) {
                manualBackward(loss);
                optimizers().get(0).step();
                optimizers().get(0).zeroGrad();
            }
            return loss;
        }
    }

    @Test
    void runThatIsTooShort_isSaidToBe() throws Exception {
        Checks.assertFailures(
                ResumeCheck.builder(NoisyModule::new, train)
                        .trainer(options -> options.maxEpochs(1))
                        .places(Place.INSIDE_EPOCH)
                        .build()
                        .checks(),
                "The run ended before it could be interrupted");
    }

    /** Weighs its first losses less, by a count that no checkpoint knows. */
    private static class WarmingUp extends NoisyModule {
        long seen;

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            seen++;
            NDArray loss = super.trainingStep(batch, batchIndex);
            return loss == null ? null : loss.mul(factor());
        }

        float factor() {
            return Math.min(1, seen / 20f);
        }
    }

    private static final class LosesItsMean extends NoisyModule {
        private final MeanMetric mean = metric("mean", new MeanMetric());

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            mean.update(batchIndex);
            log("mean", mean, LogOptions.defaults().onStep(false).onEpoch(true));
            return super.trainingStep(batch, batchIndex);
        }

        @Override
        public void onLoadCheckpoint(StateReader state) {
            mean.reset();
        }
    }
}
