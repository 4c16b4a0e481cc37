package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningDataModule;
import io.github.lightning4j.Stage;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.TracingCallback;
import io.github.lightning4j.fixture.TracingModule;
import io.github.lightning4j.fixture.Trainers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The order in which a run calls callbacks (C), module (M) and data module (D): Lightning's, with two differences. The
 * module's onTrainEpochEnd comes before the callbacks', so that what it logs can be monitored; and onSavePoint, which
 * Lightning does not have, comes last, when the state is complete.
 */
class HookOrderTest {
    private final List<String> trace = new ArrayList<>();
    private final TestData data = TestData.open();
    private final TracingModule module = new TracingModule(trace);

    @AfterEach
    void free() {
        module.close();
        data.close();
    }

    @Test
    void fit_ofTwoEpochsWithAccumulationAndValidation_callsEveryHookInOrder() {
        Trainer trainer = Trainers.quiet()
                .maxEpochs(2)
                .accumulateGradBatches(2)
                .numSanityValSteps(1)
                .callbacks(TracingCallback.named("C", trace))
                .build();

        trainer.fit(module, new TracingData());

        List<String> expected = new ArrayList<>();
        expected.addAll(List.of("D.prepareData", "M.prepareData", "D.setup"));
        expected.addAll(List.of("M.configureCallbacks", "C.setup", "M.setup"));
        expected.addAll(List.of("D.trainDataLoader", "D.valDataLoader", "M.configureOptimizers"));
        both(expected, "onFitStart");
        expected.add("C.onSanityCheckStart");
        validation(expected);
        expected.add("C.onSanityCheckEnd");
        both(expected, "onTrainStart");
        for (int epoch = 0; epoch < 2; epoch++) {
            both(expected, "onTrainEpochStart");
            firstOfWindow(expected);
            both(expected, "onTrainBatchEnd");
            expected.add("C.onSavePoint BATCH");
            secondOfWindow(expected);
            both(expected, "onTrainBatchEnd");
            expected.add("C.onSavePoint BATCH");
            firstOfWindow(expected);
            optimizerStep(expected);
            both(expected, "onTrainBatchEnd");
            validation(expected);
            expected.addAll(List.of("C.onSavePoint VALIDATION", "C.onSavePoint BATCH"));
            expected.addAll(List.of("M.onTrainEpochEnd", "C.onTrainEpochEnd", "C.onSavePoint EPOCH"));
        }
        both(expected, "onTrainEnd");
        both(expected, "onFitEnd");
        both(expected, "teardown");
        expected.add("D.teardown");
        assertThat(trace).containsExactlyElementsOf(expected);
    }

    private static void firstOfWindow(List<String> expected) {
        transfer(expected);
        both(expected, "onTrainBatchStart");
        expected.add("M.trainingStep");
        both(expected, "onBeforeZeroGrad");
        expected.add("M.optimizerZeroGrad");
        both(expected, "onBeforeBackward");
        expected.add("M.backward");
        both(expected, "onAfterBackward");
    }

    private static void secondOfWindow(List<String> expected) {
        transfer(expected);
        both(expected, "onTrainBatchStart");
        expected.add("M.trainingStep");
        both(expected, "onBeforeBackward");
        expected.add("M.backward");
        both(expected, "onAfterBackward");
        optimizerStep(expected);
    }

    private static void optimizerStep(List<String> expected) {
        both(expected, "onBeforeOptimizerStep");
        expected.add("M.configureGradientClipping");
        expected.add("M.optimizerStep");
    }

    private static void validation(List<String> expected) {
        evaluation(expected, "Validation");
    }

    private static void evaluation(List<String> expected, String kind) {
        both(expected, "on" + kind + "Start");
        both(expected, "on" + kind + "EpochStart");
        transfer(expected);
        both(expected, "on" + kind + "BatchStart");
        expected.add("M." + kind.toLowerCase(java.util.Locale.ROOT) + "Step");
        both(expected, "on" + kind + "BatchEnd");
        both(expected, "on" + kind + "EpochEnd");
        both(expected, "on" + kind + "End");
    }

    private static void transfer(List<String> expected) {
        expected.addAll(List.of("M.onBeforeBatchTransfer", "M.onAfterBatchTransfer"));
    }

    private static void both(List<String> expected, String hook) {
        expected.add("C." + hook);
        expected.add("M." + hook);
    }

    @Test
    void severalCallbacks_areCalledInTheirOrderAndThoseOfTheModuleLast() {
        module.own = List.of(TracingCallback.named("own", trace));
        Trainers.quiet()
                .callbacks(TracingCallback.named("first", trace), TracingCallback.named("second", trace))
                .build()
                .fit(module, data.regression(4, 4));

        assertThat(trace.stream().filter(each -> each.endsWith(".onTrainBatchStart")))
                .containsExactly(
                        "first.onTrainBatchStart",
                        "second.onTrainBatchStart",
                        "own.onTrainBatchStart",
                        "M.onTrainBatchStart");
    }

    @Test
    void validate_callsTheHooksOfAnEvaluation() {
        tracing().validate(module, data.regression(4, 4));

        assertThat(trace).containsExactlyElementsOf(standalone("Validation"));
    }

    @Test
    void test_callsTheHooksOfAnEvaluation() {
        tracing().test(module, data.regression(4, 4));

        assertThat(trace).containsExactlyElementsOf(standalone("Test"));
    }

    private static List<String> standalone(String kind) {
        List<String> expected = new ArrayList<>();
        expected.addAll(List.of("M.configureCallbacks", "M.prepareData", "C.setup", "M.setup"));
        evaluation(expected, kind);
        both(expected, "teardown");
        return expected;
    }

    @Test
    void predict_callsItsHooks() {
        try (PredictResult result = tracing().predict(module, data.regression(4, 4))) {
            List<String> expected = new ArrayList<>();
            expected.addAll(List.of("M.configureCallbacks", "M.prepareData", "C.setup", "M.setup"));
            both(expected, "onPredictStart");
            both(expected, "onPredictEpochStart");
            transfer(expected);
            both(expected, "onPredictBatchStart");
            expected.add("M.predictStep");
            both(expected, "onPredictBatchEnd");
            both(expected, "onPredictEpochEnd");
            both(expected, "onPredictEnd");
            both(expected, "teardown");
            assertThat(trace).containsExactlyElementsOf(expected);
            assertThat(result.batches()).hasSize(1);
        }
    }

    private Trainer tracing() {
        return Trainers.quiet().callbacks(TracingCallback.named("C", trace)).build();
    }

    /** Notes its own hooks; three training batches and one of validation. */
    private final class TracingData extends LightningDataModule {
        private final DataLoader train = data.regression(12, 4);
        private final DataLoader val = data.regression(4, 4);

        @Override
        public void prepareData() {
            trace.add("D.prepareData");
        }

        @Override
        public void setup(Stage stage) {
            trace.add("D.setup");
        }

        @Override
        public Iterable<Batch> trainDataLoader() {
            trace.add("D.trainDataLoader");
            return train;
        }

        @Override
        public Iterable<Batch> valDataLoader() {
            trace.add("D.valDataLoader");
            return val;
        }

        @Override
        public void teardown(Stage stage) {
            trace.add("D.teardown");
        }
    }
}
