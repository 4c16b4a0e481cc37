package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Limit;
import io.github.lightning4j.Run;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.GuideBlocks;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StepOutputsTest {
    private final TestData data = TestData.open();
    private final List<String> seen = new ArrayList<>();
    private final List<NDArray> arrays = new ArrayList<>();

    /** Gives the predictions of batches with an even index, those of a test with their doubles. */
    private final class Giving extends BoringModule {
        @Override
        public void validationStep(Batch batch, int batchIndex) {
            if (batchIndex % 2 == 0) {
                outputs(call(layer, batch.getData()).head());
            }
        }

        @Override
        public void testStep(Batch batch, int batchIndex) {
            NDArray predictions = call(layer, batch.getData()).head();
            outputs(predictions);
            outputs(predictions.mul(2));
        }

        @Override
        public void onTestBatchEnd(NDList outputs, Batch batch, int batchIndex, int loaderIndex) {
            seen.add("module " + outputs.size());
        }
    }

    /** Looks at what it is given. */
    private final class Looking implements Callback {
        @Override
        public void onValidationBatchEnd(Run run, NDList outputs, Batch batch, int batchIndex, int loaderIndex) {
            seen.add("validation " + batchIndex + " " + outputs.size());
            arrays.addAll(outputs);
        }

        @Override
        public void onTestBatchEnd(Run run, NDList outputs, Batch batch, int batchIndex, int loaderIndex) {
            seen.add("test " + outputs.get(0).getShape() + " "
                    + outputs.get(0).mul(2).equals(outputs.get(1)));
            arrays.addAll(outputs);
        }
    }

    /** Hears of the batch alone, as before. */
    private final class Hearing implements Callback {
        @Override
        public void onValidationBatchEnd(Run run, Batch batch, int batchIndex, int loaderIndex) {
            seen.add("heard " + batchIndex);
        }
    }

    @AfterEach
    void close() {
        data.close();
    }

    @Test
    void validationStep_givesToCallbacksOfBothKinds() {
        try (Giving module = new Giving()) {
            Trainers.quiet().callbacks(new Looking(), new Hearing()).build().validate(module, loader());
        }

        assertThat(seen)
                .containsExactly("validation 0 1", "heard 0", "validation 1 0", "heard 1", "validation 2 1", "heard 2");
    }

    @Test
    void validationOfAFit_givesToo() {
        try (Giving module = new Giving()) {
            Trainers.quiet().callbacks(new Looking()).build().fit(module, loader(), loader());
        }

        assertThat(seen).containsExactly("validation 0 1", "validation 1 0", "validation 2 1");
    }

    @Test
    void testStep_givesSeveralTimes_toCallbacksAndModule() {
        try (Giving module = new Giving()) {
            Trainers.quiet()
                    .callbacks(new Looking())
                    .limitTestBatches(Limit.batches(1))
                    .build()
                    .test(module, loader());
        }

        assertThat(seen).containsExactly("test (2, 2) true", "module 2");
    }

    @Test
    void outputs_areFreedWithTheBatch() {
        try (Giving module = new Giving()) {
            Trainers.quiet().callbacks(new Looking()).build().validate(module, loader());
        }

        assertThat(arrays).hasSize(2).allMatch(NDArray::isReleased);
    }

    /** The module of docs/trainer.md. */
    private static final class Predicting extends BoringModule {
        @Override
        public void testStep(Batch batch, int batchIndex) {
            NDArray logits = call(layer, batch.getData()).head();
            outputs(logits);
        }
    }

    /** The callback of docs/trainer.md. */
    private static final class Predictions implements Callback {
        final List<long[]> predicted = new ArrayList<>();

        @Override
        public void onTestBatchEnd(Run run, NDList outputs, Batch batch, int batchIndex, int loaderIndex) {
            predicted.add(outputs.head().argMax(1).toLongArray());
        }
    }

    @Test
    void theGuide_collectsPredictions() throws IOException {
        GuideBlocks.assertArePartOf("trainer.md", getClass(), EvaluatedCheckpointTest.class);
        Predictions predictions = new Predictions();
        try (Predicting module = new Predicting()) {
            Trainers.quiet().callbacks(predictions).build().test(module, loader());
        }
        assertThat(predictions.predicted).hasSize(3).allMatch(batch -> batch.length == 2);
    }

    @Test
    void elsewhere_outputsAreRefused() {
        BoringModule wrong = new BoringModule() {
            @Override
            public NDArray trainingStep(Batch batch, int batchIndex) {
                outputs(batch.getData().head());
                return loss(batch);
            }
        };
        assertThatThrownBy(() -> Trainers.quiet().build().fit(wrong, loader()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("outputs was called outside validationStep and testStep");
        wrong.close();
    }

    private DataLoader loader() {
        return data.regression(6, 2);
    }
}
