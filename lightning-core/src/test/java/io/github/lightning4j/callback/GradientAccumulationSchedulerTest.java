package io.github.lightning4j.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import io.github.lightning4j.testing.Place;
import io.github.lightning4j.testing.ResumeCheck;
import io.github.lightning4j.trainer.FitResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class GradientAccumulationSchedulerTest {
    private final TestData data = TestData.open();

    @AfterEach
    void close() {
        data.close();
    }

    private static GradientAccumulationScheduler scheduler() {
        return new GradientAccumulationScheduler(Map.of(1, 2, 3, 4));
    }

    /** Notes the weight after every step. */
    private static final class Watched extends WeightModule {
        private final List<Double> weights = new ArrayList<>();
        private long estimated;

        @Override
        public OptimizerConfig configureOptimizers() {
            estimated = estimatedSteps();
            return super.configureOptimizers();
        }

        @Override
        public void onTrainBatchEnd(@Nullable NDArray loss, Batch batch, int batchIndex) {
            if (weights.isEmpty() || weights.get(weights.size() - 1) != value()) {
                weights.add(value());
            }
        }
    }

    @Test
    void stepsOfEachEpoch_areMadeOfItsBatches_andEstimatedSo() {
        try (Watched module = new Watched()) {
            FitResult result =
                    Trainers.quiet().maxEpochs(4).callbacks(scheduler()).build().fit(module, data.numbers(1, 1, 2, 6));

            // The gradient is the mean of the window's numbers, the rate 1.
            assertThat(module.weights).containsExactly(-1.0, -3.0, -9.0, -10.5, -16.5, -18.0, -24.0, -27.0);
            assertThat(result.globalStep()).isEqualTo(module.estimated).isEqualTo(8);
        }
    }

    @Test
    void limitOfStepsAndEpochs_isEstimatedToo() {
        try (Watched module = new Watched()) {
            FitResult result = Trainers.quiet()
                    .maxEpochs(100)
                    .maxSteps(6)
                    .callbacks(scheduler())
                    .build()
                    .fit(module, data.numbers(1, 1, 2, 6));

            assertThat(result.globalStep()).isEqualTo(module.estimated).isEqualTo(6);
        }
    }

    @Test
    void evaluation_ignoresIt() {
        try (BoringModule module = new BoringModule()) {
            assertThat(Trainers.quiet().callbacks(scheduler()).build().test(module, data.regression(4, 2)))
                    .containsKey("test_loss");
        }
    }

    @TestFactory
    Stream<DynamicTest> resumedFit_endsBitForBitAsAnUndisturbedOne() {
        return ResumeCheck.builder(BoringModule::new, data.regression(20, 4))
                .trainer(trainer -> trainer.accumulateGradBatches(1)
                        .callbacks(new GradientAccumulationScheduler(Map.of(0, 3, 1, 2))))
                .places(Place.values())
                .build()
                .checks()
                .map(check -> dynamicTest(check.name(), check::run));
    }

    @Test
    void whatCannotBeCombined_isRefused() {
        refused(new BoringModule(), 4, "accumulateGradBatches of the Trainer is 4", scheduler());
        refused(new BoringModule(), 1, "Two callbacks bring a schedule", scheduler(), scheduler());
        refused(
                new BoringModule() {
                    @Override
                    public boolean automaticOptimization() {
                        return false;
                    }
                },
                1,
                "optimizes by itself",
                scheduler());
    }

    private void refused(LightningModule module, int batches, String message, GradientAccumulationScheduler... both) {
        try (module) {
            assertThatThrownBy(() -> Trainers.quiet()
                            .accumulateGradBatches(batches)
                            .callbacks(both)
                            .build()
                            .fit(module, data.regression(4, 2)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void scheduleAfterSetup_isRefused() {
        LambdaCallback late = LambdaCallback.builder()
                .onFitStart(run -> run.accumulateGradBatches(new TreeMap<>(Map.of(0L, 2))))
                .build();
        try (BoringModule module = new BoringModule()) {
            assertThatThrownBy(() -> Trainers.quiet().callbacks(late).build().fit(module, data.regression(4, 2)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Call it in setup");
        }
    }

    @Test
    void badSchedules_areRefusedAtTheCall() {
        assertThatThrownBy(() -> new GradientAccumulationScheduler(Map.of())).hasMessageContaining("is empty");
        assertThatThrownBy(() -> new GradientAccumulationScheduler(Map.of(-1, 2)))
                .hasMessageContaining("epoch of GradientAccumulationScheduler is -1");
        assertThatThrownBy(() -> new GradientAccumulationScheduler(Map.of(3, 0)))
                .hasMessageContaining("from epoch 3 on is 0");
    }
}
