package io.github.lightning4j.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import io.github.lightning4j.testing.CallbackKit;
import io.github.lightning4j.testing.Checks;
import io.github.lightning4j.trainer.FitResult;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SpikeDetectionTest {
    private final TestData data = TestData.open();

    @AfterEach
    void close() {
        data.close();
    }

    /** The loss is the batch's number, the gradient 1, so that the weight counts the steps. */
    private static class Given extends WeightModule {
        @Override
        protected NDArray loss(Batch batch) {
            NDArray number = batch.getData().head().mean();
            NDArray weight = this.weight.getArray();
            return number.add(weight.sub(weight.stopGradient()).mean());
        }
    }

    private FitResult fit(Given module, SpikeDetection detection, float... losses) {
        return Trainers.quiet().callbacks(detection).build().fit(module, data.numbers(1, losses));
    }

    @TestFactory
    Stream<DynamicTest> callback_passesAllChecks() {
        return Checks.tests(
                "SpikeDetection",
                CallbackKit.checks(() -> SpikeDetection.builder().window(3).build()));
    }

    @Test
    void jumpByTheRatio_isReported_andDoesNotCountAmongTheLosses() {
        SpikeDetection detection = SpikeDetection.builder().window(2).build();
        try (Given module = new Given()) {
            fit(module, detection, 2, 3, 5.9f, 100, 13.3f, 30, Float.NaN);

            assertThat(module.value()).isEqualTo(-7);
            assertThat(detection.spikes()).hasSize(3);
            assertThat(detection.spikes().get(0))
                    .isEqualTo(new SpikeDetection.Spike(0, 3, 100, (3 + (double) 5.9f) / 2));
            assertThat(detection.spikes().get(1).batch()).isEqualTo(5);
            assertThat(detection.spikes().get(2).loss()).isNaN();
        }
    }

    @Test
    void sigmaAndDifference_bothHaveToBeReached() {
        SpikeDetection detection = SpikeDetection.builder()
                .sigma(3)
                .difference(5)
                .warmup(4)
                .window(4)
                .build();
        try (Given module = new Given()) {
            // The first four have mean 2 and deviation 1: 3 deviations are at 5, the difference is at 7.
            fit(module, detection, 1, 3, 1, 3, 6.9f, 30);

            assertThat(detection.spikes())
                    .extracting(SpikeDetection.Spike::batch)
                    .containsExactly(5L);
        }
    }

    @Test
    void skip_leavesTheBatchOut() {
        SpikeDetection detection =
                SpikeDetection.builder().action(SpikeDetection.Action.SKIP).build();
        try (Given module = new Given()) {
            FitResult result = fit(module, detection, 1, 1, 50, 1, Float.NaN, 1);

            assertThat(module.value()).isEqualTo(-4);
            assertThat(result.globalStep()).isEqualTo(4);
        }
    }

    @Test
    void stop_endsTheFitWithTheReason() {
        SpikeDetection detection =
                SpikeDetection.builder().action(SpikeDetection.Action.STOP).build();
        try (Given module = new Given()) {
            FitResult result = fit(module, detection, 1, 1, 50, 1);

            assertThat(result.stopReason()).isEqualTo("the loss jumped from 1.0 to 50.0 in epoch 0, batch 2");
            assertThat(module.value()).isEqualTo(-2);
        }
    }

    @Test
    void fallingLosses_areNoSpikes() {
        SpikeDetection detection = SpikeDetection.builder().build();
        try (Given module = new Given()) {
            fit(module, detection, 100, 10, 1, 0.1f, -50, -60);

            assertThat(detection.spikes()).isEmpty();
        }
    }

    @Test
    void skippingForAModuleThatOptimizesByItself_isRefused_andReportsAreNot() {
        SpikeDetection reporting = SpikeDetection.builder().build();
        try (Given module = new Given() {
            @Override
            public boolean automaticOptimization() {
                return false;
            }
        }) {
            fit(module, reporting, 1, 1, 50);
            assertThat(reporting.spikes()).hasSize(1);

            SpikeDetection skipping =
                    SpikeDetection.builder().action(SpikeDetection.Action.SKIP).build();
            assertThatThrownBy(() -> fit(module, skipping, 1))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("Use REPORT or STOP");
        }
    }

    @Test
    void badOptions_areRefusedAtTheCall() {
        SpikeDetection.Builder builder = SpikeDetection.builder();
        assertThatThrownBy(() -> builder.window(0)).hasMessageContaining("window is 0");
        assertThatThrownBy(() -> builder.warmup(0)).hasMessageContaining("warmup is 0");
        assertThatThrownBy(() -> builder.ratio(0)).hasMessageContaining("ratio is 0.0");
        assertThatThrownBy(() -> builder.sigma(-1)).hasMessageContaining("sigma is -1.0");
        assertThatThrownBy(() -> builder.difference(Double.NaN)).hasMessageContaining("difference is NaN");
        assertThatThrownBy(() -> SpikeDetection.builder().warmup(11).build()).hasMessageContaining("at least 11");
    }
}
