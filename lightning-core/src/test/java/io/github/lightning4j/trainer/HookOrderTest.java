package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.Every;
import io.github.lightning4j.LightningDataModule;
import io.github.lightning4j.ModuleHooks;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Stage;
import io.github.lightning4j.callback.LambdaCallback;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.TracingCallback;
import io.github.lightning4j.fixture.TracingModule;
import io.github.lightning4j.fixture.Trainers;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The order in which a run calls callbacks (C), module (M) and data module (D): Lightning's, with two differences. The
 * module's onTrainEpochEnd comes before the callbacks', so that what it logs can be monitored; and onSavePoint, which
 * Lightning does not have, comes last, when the state is complete.
 */
class HookOrderTest {
    private static final Set<String> NO_HOOKS_OF_CALLBACKS = Set.of("stateKey", "wouldGoOn", "takesPredictions");

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
        fitStarts(expected);
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

    /**
     * One module through everything a run can go through: a fit that is asked to stop, the same run resumed, a failure, a test
     * and a prediction, with accumulation, a schedule, checkpoints and validation inside the epoch.
     */
    @Test
    void stopResumeFailureTestAndPrediction_callEveryHookInOrder(@TempDir Path folder) {
        module.scheduled = true;
        AtomicReference<Trainer> trainer = new AtomicReference<>();
        Callback stop = LambdaCallback.builder()
                .onTrainBatchEnd((run, loss, batch, index) -> {
                    if (index == 1) {
                        trainer.get().requestStop();
                    }
                })
                .build();
        trainer.set(story(folder.resolve("first"))
                .callbacks(TracingCallback.named("C", trace), stop)
                .build());
        Path half = trainer.get().fit(module, new TracingData()).resumeFrom();
        List<String> expected = new ArrayList<>();
        fitStarts(expected);
        expected.add("C.onSanityCheckStart");
        validation(expected);
        expected.add("C.onSanityCheckEnd");
        both(expected, "onTrainStart");
        both(expected, "onTrainEpochStart");
        firstOfWindow(expected);
        both(expected, "onTrainBatchEnd");
        expected.add("C.onSavePoint BATCH");
        secondOfWindow(expected);
        expected.add("M.lrSchedulerStep");
        both(expected, "onTrainBatchEnd");
        saved(expected);
        fitEnds(expected);

        story(folder.resolve("second"))
                .callbacks(
                        TracingCallback.named("C", trace),
                        ModelCheckpoint.builder().everyNTrainSteps(1).build())
                .build()
                .fit(module, new TracingData(), CkptPath.of(Objects.requireNonNull(half)));
        dataComes(expected);
        expected.addAll(List.of("M.onLoadCheckpoint", "C.load"));
        both(expected, "onFitStart");
        both(expected, "onTrainStart");
        validation(expected);
        expected.addAll(List.of("C.onSavePoint VALIDATION", "C.onSavePoint BATCH"));
        saved(expected);
        firstOfWindow(expected);
        optimizerStep(expected);
        expected.add("M.lrSchedulerStep");
        both(expected, "onTrainBatchEnd");
        expected.add("C.onSavePoint BATCH");
        saved(expected);
        expected.addAll(List.of("M.onTrainEpochEnd", "C.onTrainEpochEnd", "C.onSavePoint EPOCH"));
        fitEnds(expected);

        module.fails = true;
        assertThatThrownBy(() -> story(folder.resolve("third"))
                        .numSanityValSteps(0)
                        .callbacks(TracingCallback.named("C", trace))
                        .build()
                        .fit(module, new TracingData()))
                .hasMessage("on purpose");
        fitStarts(expected);
        both(expected, "onTrainStart");
        both(expected, "onTrainEpochStart");
        transfer(expected);
        both(expected, "onTrainBatchStart");
        expected.add("M.trainingStep");
        both(expected, "onTrainEnd");
        both(expected, "onFitEnd");
        expected.add("C.onException");
        both(expected, "teardown");
        expected.add("D.teardown");

        tracing().test(module, data.regression(4, 4));
        expected.addAll(standalone("Test"));
        tracing().predict(module, data.regression(4, 4)).close();
        expected.addAll(prediction());

        assertThat(trace).containsExactlyElementsOf(expected);
        assertThat(names("C.")).containsExactlyInAnyOrderElementsOf(hooksOf(Callback.class, NO_HOOKS_OF_CALLBACKS));
        assertThat(names("M.")).containsAll(hooksOf(ModuleHooks.class, Set.of()));
    }

    private Trainer.Builder story(Path directory) {
        return Trainers.quiet()
                .runDirectory(directory)
                .accumulateGradBatches(2)
                .numSanityValSteps(1)
                .valCheckInterval(Every.batches(2));
    }

    private Set<String> names(String who) {
        return trace.stream()
                .filter(each -> each.startsWith(who))
                .map(each -> each.substring(who.length()).split(" ")[0])
                .collect(Collectors.toSet());
    }

    private static Set<String> hooksOf(Class<?> type, Set<String> others) {
        return Stream.of(type.getDeclaredMethods())
                .filter(Method::isDefault)
                .map(Method::getName)
                .filter(name -> !others.contains(name))
                .collect(Collectors.toSet());
    }

    private static void dataComes(List<String> expected) {
        expected.addAll(List.of("D.prepareData", "M.prepareData", "D.setup"));
        expected.addAll(List.of("M.configureCallbacks", "C.setup", "M.setup"));
        expected.addAll(List.of("D.trainDataLoader", "D.valDataLoader", "M.configureOptimizers"));
    }

    private static void fitStarts(List<String> expected) {
        dataComes(expected);
        both(expected, "onFitStart");
    }

    private static void saved(List<String> expected) {
        expected.addAll(List.of("C.onBeforeSave", "M.onSaveCheckpoint", "C.save", "C.onAfterSave"));
    }

    private static void fitEnds(List<String> expected) {
        both(expected, "onTrainEnd");
        both(expected, "onFitEnd");
        both(expected, "teardown");
        expected.add("D.teardown");
    }

    @Test
    void stopRequestedByACallback_endsTheEpochInItsOrder() {
        Callback stop = LambdaCallback.builder()
                .onTrainBatchEnd((run, loss, batch, index) -> run.requestStop("enough"))
                .build();
        Trainers.quiet()
                .callbacks(TracingCallback.named("C", trace), stop)
                .build()
                .fit(module, data.regression(12, 4), data.regression(4, 4));
        List<String> expected = new ArrayList<>();
        both(expected, "onTrainBatchEnd");
        expected.add("C.onSavePoint BATCH");
        expected.addAll(List.of("M.onTrainEpochEnd", "C.onTrainEpochEnd", "C.onSavePoint EPOCH"));
        both(expected, "onTrainEnd");
        both(expected, "onFitEnd");
        both(expected, "teardown");
        assertThat(trace).endsWith(expected.toArray(String[]::new));
        assertThat(trace).containsOnlyOnce("M.trainingStep");
    }

    @Test
    void manualOptimization_callsTheHooksOfWhatTheModuleDoes() {
        try (TracingModule manual = new TracingModule(trace) {
            @Override
            public boolean automaticOptimization() {
                return false;
            }

            @Override
            public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
                super.trainingStep(batch, batchIndex);
                Optimizer optimizer = optimizers().get(0);
                optimizer.zeroGrad();
                manualBackward(loss(batch));
                optimizer.step();
                return null;
            }
        }) {
            tracing().fit(manual, data.regression(4, 4));
        }
        List<String> expected = new ArrayList<>();
        both(expected, "onTrainBatchStart");
        expected.add("M.trainingStep");
        both(expected, "onBeforeBackward");
        expected.add("M.backward");
        both(expected, "onAfterBackward");
        both(expected, "onBeforeOptimizerStep");
        both(expected, "onTrainBatchEnd");
        assertThat(trace).containsSequence(expected);
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
            assertThat(trace).containsExactlyElementsOf(prediction());
            assertThat(result.batches()).hasSize(1);
        }
    }

    private static List<String> prediction() {
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
        return expected;
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
