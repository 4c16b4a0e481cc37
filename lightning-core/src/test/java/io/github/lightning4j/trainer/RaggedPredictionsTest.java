package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import org.junit.jupiter.api.Test;

/** Predictions of different shapes are no one array. */
class RaggedPredictionsTest {
    @Test
    void outputsThatDiffer_areNamedWithTheirBatch() {
        BoringModule module = new BoringModule() {
            @Override
            public NDList predictStep(Batch batch, int batchIndex) {
                return new NDList(batch.getData().head().get(":, :" + (batchIndex + 1)));
            }
        };
        try (TestData data = TestData.open();
                module;
                PredictResult result = Trainers.quiet().build().predict(module, data.regression(4, 2))) {
            assertThatThrownBy(result::concat)
                    .isInstanceOf(LightningException.class)
                    .hasMessageContaining("batch 1 gave float32 (2, 2)")
                    .hasMessageContaining("batches()");
        }
    }
}
