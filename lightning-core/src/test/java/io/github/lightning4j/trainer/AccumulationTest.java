package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.GradientClipAlgorithm;
import io.github.lightning4j.Limit;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Run;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Gradients over windows of batches: what is applied, and when. */
class AccumulationTest {
    private final TestData data = TestData.open();
    private final Applied module = new Applied();

    @AfterEach
    void free() {
        module.close();
        data.close();
    }

    @Test
    void tenBatchesInWindowsOfFour_applyGradientsOfFullSizeInTheShortLastWindow() {
        FitResult result = windows(4).build().fit(module, data.ones(10, 1));

        assertThat(module.applied).containsExactly(1.0, 1.0, 1.0);
        assertThat(module.value()).isEqualTo(-3);
        assertThat(result.globalStep()).isEqualTo(3);
    }

    @Test
    void aWindow_appliesTheMeanOfItsBatchesGradients() {
        windows(2).build().fit(module, data.numbers(1, 1, 2, 3, 4, 5));

        assertThat(module.applied).containsExactly(1.5, 3.5, 5.0);
    }

    @Test
    void windows_startAnewWithTheEpoch() {
        windows(2).maxEpochs(2).build().fit(module, data.numbers(1, 1, 2, 3));

        assertThat(module.applied).containsExactly(1.5, 3.0, 1.5, 3.0);
    }

    @Test
    void aSourceOfUnknownLength_endsItsLastWindowToo() {
        List<Batch> batches = data.batches(new float[] {1}, new float[] {2}, new float[] {6});
        Iterable<Batch> unknown = batches::iterator;

        windows(2).build().fit(module, unknown);

        assertThat(module.applied).containsExactly(1.5, 6.0);
    }

    @Test
    void aLimitOnTheBatches_endsTheWindow() {
        windows(4).limitTrainBatches(Limit.batches(2)).build().fit(module, data.numbers(1, 2, 4, 8));

        assertThat(module.applied).containsExactly(3.0);
    }

    @Test
    void aStopWithinAWindow_appliesWhatIsThere() {
        FitResult result = windows(4).callbacks(new StopAfter(2)).build().fit(module, data.numbers(1, 2, 4, 8, 16));

        assertThat(module.applied).containsExactly(3.0);
        assertThat(result.globalStep()).isEqualTo(1);
        assertThat(result.stopReason()).isEqualTo("enough");
    }

    @Test
    void aSkippedBatch_countsForNothing() {
        module.skip = 2.0;

        FitResult result = windows(2).build().fit(module, data.numbers(1, 1, 2, 3, 4));

        assertThat(module.applied).containsExactly(2.0, 4.0);
        assertThat(result.globalStep()).isEqualTo(2);
    }

    @Test
    void anEpochOfSkippedBatches_stepsNotAtAll() {
        module.skip = 1.0;

        FitResult result = windows(2).build().fit(module, data.ones(4, 1));

        assertThat(module.applied).isEmpty();
        assertThat(result.globalStep()).isZero();
        assertThat(result.epochs()).isEqualTo(1);
    }

    @Test
    void clippingByValue_actsOnTheMean() {
        windows(2)
                .gradientClipVal(2)
                .gradientClipAlgorithm(GradientClipAlgorithm.VALUE)
                .build()
                .fit(module, data.numbers(1, 1, 2, 3, 5, -7, -9));

        assertThat(module.applied).containsExactly(1.5, 4.0, -8.0);
        assertThat(module.value()).isEqualTo(-(1.5 + 2 - 2));
    }

    @Test
    void clippingByNorm_keepsTheDirection() {
        windows(1).gradientClipVal(2).build().fit(module, data.numbers(1, -8, 1));

        assertThat(module.value()).isCloseTo(2 - 1, within(1e-5));
    }

    @Test
    void gradients_stayReadableUntilTheNextWindow() {
        windows(2).build().fit(module, data.numbers(1, 1, 3));

        assertThat(module.gradient()).isEqualTo(2);
    }

    private static Trainer.Builder windows(int batches) {
        return Trainers.quiet().accumulateGradBatches(batches);
    }

    /** Notes the gradient of every optimizer step, and skips batches that hold a given number. */
    private static final class Applied extends WeightModule {
        final List<Double> applied = new ArrayList<>();
        double skip = Double.NaN;

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            return batch.getData().head().getFloat() == skip ? null : super.trainingStep(batch, batchIndex);
        }

        @Override
        public void onBeforeOptimizerStep(Optimizer optimizer) {
            applied.add(gradient());
        }
    }

    private record StopAfter(int batches) implements Callback {
        @Override
        public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
            if (batchIndex + 1 == batches) {
                run.requestStop("enough");
            }
        }
    }
}
