package io.github.lightning4j.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import io.github.lightning4j.testing.CallbackKit;
import io.github.lightning4j.testing.Checks;
import io.github.lightning4j.trainer.FitResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminateOnNaNTest {
    private final TestData data = TestData.open();

    @AfterEach
    void close() {
        data.close();
    }

    @TestFactory
    Stream<DynamicTest> callback_passesAllChecks() {
        return Checks.tests("TerminateOnNaN", CallbackKit.checks(TerminateOnNaN::new));
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void firstLossThatIsNotFinite_endsTheFit_andTheWeightsAreThoseBefore(float bad) {
        try (WeightModule module = new WeightModule()) {
            FitResult result = Trainers.quiet()
                    .maxEpochs(5)
                    .callbacks(new TerminateOnNaN())
                    .build()
                    .fit(module, data.numbers(1, 1, 2, bad, 4));

            assertThat(result.stopReason()).isEqualTo("the loss is " + -3.0 * bad + " in epoch 0, batch 2");
            assertThat(module.value()).isEqualTo(-3);
            assertThat(result.globalStep()).isEqualTo(2);
        }
    }

    @Test
    void batchInAWindow_isLeftOutOfIt() {
        try (WeightModule module = new WeightModule()) {
            Trainers.quiet()
                    .accumulateGradBatches(3)
                    .callbacks(new TerminateOnNaN())
                    .build()
                    .fit(module, data.numbers(1, 1, 3, Float.NaN, 4));

            assertThat(module.value()).isEqualTo(-2);
        }
    }

    @Test
    void moduleThatOptimizesByItself_finishesTheBatchAndStops() {
        try (WeightModule module = new WeightModule() {
            @Override
            public boolean automaticOptimization() {
                return false;
            }

            @Override
            public NDArray trainingStep(Batch batch, int batchIndex) {
                NDArray loss = loss(batch);
                manualBackward(loss);
                return loss;
            }
        }) {
            FitResult result = Trainers.quiet()
                    .callbacks(new TerminateOnNaN())
                    .build()
                    .fit(module, data.numbers(1, 1, Float.NaN, 3));

            assertThat(result.stopReason()).isEqualTo("the loss is NaN in epoch 0, batch 1");
        }
    }

    @Test
    void batchThatACallbackLeavesOut_changesNothing_andComesWithoutALoss() {
        List<Boolean> losses = new ArrayList<>();
        LambdaCallback skipping = LambdaCallback.builder()
                .onBeforeBackward((run, loss) -> {
                    if (run.batchesDone() == 1) {
                        run.skipBatch();
                    }
                })
                .onTrainBatchEnd((run, loss, batch, index) -> losses.add(loss != null))
                .build();
        try (WeightModule module = new WeightModule()) {
            FitResult result = Trainers.quiet().callbacks(skipping).build().fit(module, data.numbers(1, 1, 100, 3));

            assertThat(module.value()).isEqualTo(-4);
            assertThat(result.globalStep()).isEqualTo(2);
            assertThat(losses).containsExactly(true, false, true);
        }
    }

    @Test
    void skippingElsewhere_isRefused() {
        LambdaCallback late = LambdaCallback.builder()
                .onTrainBatchEnd((run, loss, batch, index) -> run.skipBatch())
                .build();
        try (WeightModule module = new WeightModule()) {
            assertThatThrownBy(() -> Trainers.quiet().callbacks(late).build().fit(module, data.numbers(1, 1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("onBeforeBackward");
        }
    }
}
