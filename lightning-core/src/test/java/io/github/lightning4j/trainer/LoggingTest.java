package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Metric;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Reduction;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.StepValue;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.metric.MeanMetric;
import io.github.lightning4j.metric.StepMetric;
import io.github.lightning4j.testing.MemoryLogger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code log} does in each hook, what reaches loggers and callbacks, and what it refuses. */
class LoggingTest {
    private static final LogOptions BOTH = LogOptions.defaults().onStep(true).onEpoch(true);

    private final TestData data = TestData.open();
    private final MemoryLogger logger = new MemoryLogger();
    private final Logging module = new Logging();

    @AfterEach
    void free() {
        module.close();
        data.close();
    }

    // ---- defaults

    @Test
    void inTrainingStep_theValueOfEachStepIsLogged() {
        module.inTrainingStep = batch -> module.write("x", number(batch));

        FitResult result = fit(Trainers.quiet().logEveryNSteps(1), data.numbers(1, 1, 2, 3));

        assertThat(logger.values("x")).containsExactly(1.0, 2.0, 3.0);
        assertThat(logger.steps("x")).containsExactly(1L, 2L, 3L);
        assertThat(result.metrics()).containsExactly(Map.entry("x", 3.0));
    }

    @Test
    void inValidationStep_theEpochsMeanWeightedByBatchSizeIsLogged() {
        module.inValidationStep = (batch, loader) -> module.write("x", batch.getSize() == 8 ? 1 : 2);

        FitResult result = fit(Trainers.quiet(), data.ones(1, 1), data.ones(10, 8));

        assertThat(logger.values("x")).containsExactly(1.2);
        assertThat(result.metrics()).containsEntry("x", 1.2);
    }

    @Test
    void theWeightOfAValue_isTheSizeOfItsBatch_whateverShapeItsFirstArrayHas() {
        module.inValidationStep = (batch, loader) -> module.write("x", batch.getSize() == 8 ? 1 : 2);
        List<Batch> timeFirst = List.of(timeFirst(8), timeFirst(2));

        Map<String, Double> metrics = Trainers.quiet().build().validate(module, timeFirst);

        assertThat(metrics).containsEntry("x", 1.2);
    }

    /** Three steps of so many samples: their number is the second dimension. */
    private Batch timeFirst(int samples) {
        NDManager own = data.manager().newSubManager();
        NDList steps = new NDList(own.ones(new Shape(3, samples)));
        return new Batch(own, steps, new NDList(), samples, null, null, 0, 0);
    }

    @Test
    void inEpochHooks_theValueGoesIntoTheEpochsRow() {
        module.atEpochStart = () -> module.write("start", 1);
        module.atEpochEnd = () -> module.write("end", 2);

        fit(Trainers.quiet().maxEpochs(2), data.ones(2, 1));

        assertThat(logger.rows())
                .containsExactly(
                        new MemoryLogger.Row(2, 0, Map.of("start", 1.0, "end", 2.0)),
                        new MemoryLogger.Row(4, 1, Map.of("start", 1.0, "end", 2.0)));
    }

    @Test
    void aCallback_canLogToo() {
        Callback callback = new Callback() {
            @Override
            public void onTrainEpochEnd(Run run) {
                run.log("mine", 7, LogOptions.defaults());
            }
        };

        FitResult result = fit(Trainers.quiet().callbacks(callback), data.ones(2, 1));

        assertThat(logger.values("mine")).containsExactly(7.0);
        assertThat(result.history()).containsExactly(Map.of("mine", 7.0));
    }

    @Test
    void logNow_reachesLoggersAndMetricsAtOnce() {
        Callback callback = new Callback() {
            @Override
            public void onTrainBatchStart(Run run, Batch batch, int batchIndex) {
                run.logNow(Map.of("rate", 0.5));
            }
        };

        FitResult result = fit(Trainers.quiet().callbacks(callback), data.ones(1, 1));

        assertThat(logger.values("rate")).containsExactly(0.5);
        assertThat(result.metrics()).containsEntry("rate", 0.5);
    }

    // ---- options

    @Test
    void onStepAndOnEpoch_giveTwoKeysToLoggersAndThePlainOneToCallbacks() {
        module.inTrainingStep = batch -> module.write("x", number(batch), BOTH);
        List<Map<String, Double>> seen = new ArrayList<>();
        Callback callback = new Callback() {
            @Override
            public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
                seen.add(run.metrics());
            }

            @Override
            public void onTrainEpochEnd(Run run) {
                seen.add(run.metrics());
            }
        };

        fit(Trainers.quiet().logEveryNSteps(1).callbacks(callback), data.numbers(1, 1, 3));

        assertThat(logger.values("x_step")).containsExactly(1.0, 3.0);
        assertThat(logger.values("x_epoch")).containsExactly(2.0);
        assertThat(logger.with("x")).isEmpty();
        assertThat(seen)
                .containsExactly(
                        Map.of("x", 1.0, "x_step", 1.0),
                        Map.of("x", 3.0, "x_step", 3.0),
                        Map.of("x", 2.0, "x_step", 3.0, "x_epoch", 2.0));
    }

    @Test
    void onEpochAlone_keepsThePlainName() {
        module.inTrainingStep = batch -> module.write(
                "x", number(batch), LogOptions.defaults().onStep(false).onEpoch(true));

        fit(Trainers.quiet().logEveryNSteps(1), data.numbers(1, 1, 3));

        assertThat(logger.values("x")).containsExactly(2.0);
    }

    @Test
    void reductions_reduce() {
        module.inValidationStep = (batch, loader) -> {
            for (Reduction reduction : Reduction.values()) {
                module.write(
                        reduction.name(), number(batch), LogOptions.defaults().reduce(reduction));
            }
        };

        FitResult result = fit(Trainers.quiet(), data.ones(1, 1), data.numbers(1, 4, -1, 3));

        assertThat(result.metrics())
                .containsExactlyInAnyOrderEntriesOf(Map.of("MEAN", 2.0, "SUM", 6.0, "MIN", -1.0, "MAX", 4.0));
    }

    @Test
    void theBatchSizeGiven_winsOverTheBatchs() {
        module.inValidationStep = (batch, loader) ->
                module.write("x", number(batch), LogOptions.defaults().batchSize(number(batch) == 1 ? 30 : 10));

        assertThatThrownBy(() -> fit(Trainers.quiet(), data.ones(1, 1), data.numbers(1, 1, 2)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("other options");

        LogOptions three = LogOptions.defaults().batchSize(3);
        module.inValidationStep = (batch, loader) -> {
            module.write("a", number(batch), three);
            module.write("b", number(batch));
        };
        FitResult result = fit(Trainers.quiet(), data.ones(1, 1), data.numbers(2, 1, 1, 4));
        assertThat(result.metrics().get("a")).isEqualTo(2.5);
        assertThat(result.metrics().get("b")).isEqualTo(2.0);
    }

    @Test
    void notToLogger_isSeenByCallbacksAlone() {
        module.inTrainingStep =
                batch -> module.write("x", 1, LogOptions.defaults().toLogger(false));

        FitResult result = fit(Trainers.quiet().logEveryNSteps(1), data.ones(1, 1));

        assertThat(logger.with("x")).isEmpty();
        assertThat(result.metrics()).containsEntry("x", 1.0);
    }

    @Test
    void progressBarOption_reachesTheBar() {
        module.inTrainingStep = batch -> {
            module.write("shown", 1, LogOptions.progressBar());
            module.write("hidden", 2);
        };
        Map<String, Double> bar = new HashMap<>();
        Callback callback = new Callback() {
            @Override
            public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
                bar.putAll(run.progressBarMetrics());
            }
        };

        fit(Trainers.quiet().callbacks(callback), data.ones(1, 1));

        assertThat(bar).isEqualTo(Map.of("shown", 1.0));
    }

    @Test
    void severalEvaluationLoaders_haveASuffixEach() {
        module.inValidationStep = (batch, loader) -> module.write("x", number(batch) + 10 * loader);
        module.atValidationEpochEnd = () -> module.write("all", 5);

        FitResult result = Trainers.quiet()
                .loggers(logger)
                .build()
                .fit(module, data.ones(1, 1), List.of(data.numbers(1, 1, 3), data.numbers(1, 5)));

        assertThat(result.metrics())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("x/dataloader_idx_0", 2.0, "x/dataloader_idx_1", 15.0, "all", 5.0));
    }

    // ---- rows

    @Test
    void stepRows_comeEveryNOptimizerStepsOverTheWholeRun() {
        module.inTrainingStep = batch -> module.write("x", number(batch));

        fit(Trainers.quiet().maxEpochs(2).logEveryNSteps(3), data.numbers(1, 1, 2, 3, 4));

        assertThat(logger.steps("x")).containsExactly(3L, 6L);
        assertThat(logger.values("x")).containsExactly(3.0, 2.0);
    }

    @Test
    void stepRows_comeOnceAWindow() {
        module.inTrainingStep = batch -> module.write("x", number(batch));

        fit(Trainers.quiet().accumulateGradBatches(2).logEveryNSteps(1), data.numbers(1, 1, 2, 3, 4));

        assertThat(logger.steps("x")).containsExactly(1L, 2L);
        assertThat(logger.values("x")).containsExactly(2.0, 4.0);
    }

    @Test
    void logEveryNStepsOfZero_leavesOnlyEpochs() {
        module.inTrainingStep = batch -> module.write("x", number(batch), BOTH);

        fit(Trainers.quiet().logEveryNSteps(0), data.numbers(1, 1, 2));

        assertThat(logger.with("x_step")).isEmpty();
        assertThat(logger.values("x_epoch")).containsExactly(1.5);
    }

    @Test
    void aValueNotLoggedInAStep_isNotInItsRow() {
        module.inTrainingStep = batch -> {
            module.write("always", 1);
            if (number(batch) == 1) {
                module.write("once", 1);
            }
        };

        fit(Trainers.quiet().logEveryNSteps(1), data.numbers(1, 1, 2));

        assertThat(logger.steps("always")).containsExactly(1L, 2L);
        assertThat(logger.steps("once")).containsExactly(1L);
    }

    // ---- values

    @Test
    void arraysOfOneElementOfAnyType_areNumbers() {
        module.inTrainingStep = batch -> {
            NDArray two = batch.getData().head().add(1);
            for (DataType type :
                    List.of(DataType.FLOAT32, DataType.FLOAT64, DataType.FLOAT16, DataType.INT64, DataType.INT32)) {
                module.write(type.name(), two.toType(type, true));
            }
            module.write("BOOLEAN", two.gt(1));
        };

        FitResult result = fit(Trainers.quiet(), data.ones(1, 1));

        assertThat(result.metrics())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "FLOAT32", 2.0, "FLOAT64", 2.0, "FLOAT16", 2.0, "INT64", 2.0, "INT32", 2.0, "BOOLEAN", 1.0));
    }

    @Test
    void logAll_takesNumbersArraysAndMetrics() {
        module.inTrainingStep = batch -> {
            module.mean.update(4);
            module.writeAll(Map.of("n", 1, "a", batch.getData().head(), "m", module.mean));
        };

        FitResult result = fit(Trainers.quiet(), data.ones(1, 1));

        assertThat(result.metrics()).isEqualTo(Map.of("n", 1.0, "a", 1.0, "m", 4.0));
    }

    @Test
    void accuracyOverBatchesOfUnequalSize_isRightOnesOverAllOnes() {
        // Batches of 10, 10 and 5 with 5, 5 and 2 right: 12 of 25, not the mean of the batches' shares (14 / 30).
        long[] predicted = new long[25];
        long[] labels = new long[25];
        for (int i = 0; i < 25; i++) {
            boolean right = i < 20 ? i % 2 == 0 : i < 22;
            predicted[i] = right ? 0 : 1;
        }
        Judge judge = new Judge();
        try (judge;
                NDArray first = data.manager().create(predicted);
                NDArray second = data.manager().create(labels)) {
            DataLoader loader = DataLoader.of(TensorDataset.of(first, second), 10);

            Map<String, Double> metrics = Trainers.quiet().build().validate(judge, loader);

            assertThat(metrics.get("accuracy")).isEqualTo(12.0 / 25, within(1e-15));
            assertThat(judge.accuracy.compute()).isNaN();
        }
    }

    @Test
    void aMetricOnStep_showsItsValueSoFarAndIsResetByTheLoop() {
        module.inTrainingStep = batch -> {
            module.mean.update(number(batch));
            module.write("mean", module.mean, BOTH);
        };

        fit(Trainers.quiet().maxEpochs(2).logEveryNSteps(1), data.numbers(1, 1, 3));

        assertThat(logger.values("mean_step")).containsExactly(1.0, 2.0, 1.0, 2.0);
        assertThat(logger.values("mean_epoch")).containsExactly(2.0, 2.0);
    }

    @Test
    void aStepMetricOnStep_showsTheStepAloneOrWhatCameSoFar_asAsked() {
        module.inTrainingStep = batch -> {
            module.twice.update(mean -> mean.update(number(batch)));
            module.twice.update(mean -> mean.update(number(batch) + 2));
            module.write("alone", module.twice, BOTH.stepValue(StepValue.ALONE));
            module.write("so_far", module.twice, BOTH.stepValue(StepValue.SO_FAR));
        };

        fit(Trainers.quiet().maxEpochs(2).logEveryNSteps(1), data.numbers(1, 1, 3, 5));

        assertThat(logger.values("alone_step")).containsExactly(2.0, 4.0, 6.0, 2.0, 4.0, 6.0);
        assertThat(logger.values("alone_epoch")).containsExactly(4.0, 4.0);
        assertThat(logger.values("so_far_step")).containsExactly(2.0, 3.0, 4.0, 2.0, 3.0, 4.0);
        assertThat(logger.values("so_far_epoch")).containsExactly(4.0, 4.0);
    }

    @Test
    void aStepMetric_isOfTheLastStepWhereRowsAreRare() {
        module.inTrainingStep = batch -> {
            module.twice.update(mean -> mean.update(number(batch)));
            module.write("alone", module.twice, BOTH.stepValue(StepValue.ALONE));
        };

        fit(Trainers.quiet().logEveryNSteps(2), data.numbers(1, 1, 3, 5, 9));

        assertThat(logger.values("alone_step")).containsExactly(3.0, 9.0);
    }

    @Test
    void aMetricThatKnowsNoStepAlone_isRefused() {
        module.inTrainingStep = batch -> module.write("mean", module.mean, BOTH.stepValue(StepValue.ALONE));

        refused("log('mean')", "a MeanMetric knows its value so far", "StepMetric.of(() -> new MeanMetric(...))");
    }

    @Test
    void history_holdsTheMetricsOfEveryEpoch() {
        module.inValidationStep = (batch, loader) -> module.write("val", module.value());

        FitResult result = fit(Trainers.quiet().maxEpochs(3), data.ones(1, 1), data.ones(1, 1));

        assertThat(result.history()).extracting(metrics -> metrics.get("val")).containsExactly(-1.0, -2.0, -3.0);
    }

    // ---- refusals

    @Test
    void theSameNameWithOtherOptions_isRefused() {
        module.inTrainingStep = batch -> {
            module.write("x", 1);
            module.write("x", 1, BOTH);
        };

        refused("log('x')", "trainingStep", "Use the same options");
    }

    @Test
    void equalOptionsMadeAnew_areAccepted() {
        module.inTrainingStep =
                batch -> module.write("x", 1, LogOptions.defaults().onStep(true).onEpoch(true));

        fit(Trainers.quiet(), data.ones(2, 1));
    }

    @Test
    void aVector_isRefused() {
        module.inTrainingStep =
                batch -> module.write("x", batch.getData().head().repeat(0, 3));

        refused("log('x')", "(3, 1)", "mean()");
    }

    @Test
    void onStepInAnEpochHook_isRefused() {
        module.atEpochEnd = () -> module.write("x", 1, LogOptions.defaults().onStep(true));

        refused("log('x')", "onTrainEpochEnd", "Leave onStep out");
    }

    @Test
    void bothOff_isRefused() {
        module.inTrainingStep = batch ->
                module.write("x", 1, LogOptions.defaults().onStep(false).onEpoch(false));

        refused("log('x')", "Turn one on");
    }

    @Test
    void anUnregisteredMetric_isRefused() {
        module.inTrainingStep = batch -> module.write("x", new MeanMetric());

        refused("log('x')", "Register it");
    }

    @Test
    void anotherMetricUnderTheSameName_isRefused() {
        module.inTrainingStep = batch -> {
            module.write("x", module.mean);
            module.write("x", module.other);
        };

        refused("log('x')", "another metric");
    }

    @Test
    void aMetricAndANumberUnderOneName_areRefused() {
        module.inTrainingStep = batch -> {
            module.write("x", module.mean);
            module.write("x", 1);
        };

        refused("log('x')", "Use two names");
    }

    @Test
    void reservedAndEmptyNames_areRefused() {
        module.inTrainingStep = batch -> module.write("step", 1);
        refused("log('step')", "needs a name");

        module.inTrainingStep = batch -> module.write(" ", 1);
        refused("log(' ')", "needs a name");
    }

    @Test
    void aStringInLogAll_isRefused() {
        module.inTrainingStep = batch -> module.writeAll(Map.of("x", "high"));

        refused("'x'", "java.lang.String", "Metric");
    }

    @Test
    void hooksOutsideTheEpochs_forbidLogging() {
        for (String hook :
                List.of("setup", "configureOptimizers", "onFitStart", "onTrainEnd", "onFitEnd", "teardown")) {
            module.loggingHook = hook;
            refused("log('x')", hook, "nothing can be logged");
        }
    }

    @Test
    void predictStep_forbidsLogging() {
        module.loggingHook = "predictStep";

        assertThatThrownBy(() -> Trainers.quiet().build().predict(module, data.ones(1, 1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("nothing can be logged");
    }

    @Test
    void outsideARun_logIsRefused() {
        assertThatThrownBy(() -> module.write("x", 1))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("log was called outside a run");
    }

    private void refused(String... parts) {
        assertThatThrownBy(() -> fit(Trainers.quiet(), data.ones(1, 1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(parts);
    }

    private FitResult fit(Trainer.Builder trainer, DataLoader train) {
        return trainer.loggers(logger).build().fit(module, train);
    }

    private FitResult fit(Trainer.Builder trainer, DataLoader train, DataLoader val) {
        return trainer.loggers(logger).build().fit(module, train, val);
    }

    private static double number(Batch batch) {
        return batch.getData().head().getFloat(0, 0);
    }

    /** Something to do in a training step. */
    private interface TrainAction {
        void run(Batch batch);
    }

    /** Something to do in a validation step. */
    private interface ValidationAction {
        void run(Batch batch, int loader);
    }

    /** A module whose hooks log what the test says; its protected methods are opened to the test. */
    private static final class Logging extends WeightModule {
        final MeanMetric mean = metric("mean", new MeanMetric());
        final MeanMetric other = metric("other", new MeanMetric());
        final StepMetric<MeanMetric> twice = metric("twice", StepMetric.of(MeanMetric::new));
        TrainAction inTrainingStep = batch -> {};
        ValidationAction inValidationStep = (batch, loader) -> {};
        Runnable atEpochStart = () -> {};
        Runnable atEpochEnd = () -> {};
        Runnable atValidationEpochEnd = () -> {};
        String loggingHook = "";

        void write(String name, double value) {
            log(name, value);
        }

        void write(String name, double value, LogOptions options) {
            log(name, value, options);
        }

        void write(String name, NDArray value) {
            log(name, value);
        }

        void write(String name, Metric value) {
            log(name, value);
        }

        void write(String name, Metric value, LogOptions options) {
            log(name, value, options);
        }

        void writeAll(Map<String, ?> values) {
            logAll(values);
        }

        private void maybeLog(String hook) {
            if (hook.equals(loggingHook)) {
                log("x", 1);
            }
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            inTrainingStep.run(batch);
            return super.trainingStep(batch, batchIndex);
        }

        @Override
        public void validationStep(Batch batch, int batchIndex, int loaderIndex) {
            inValidationStep.run(batch, loaderIndex);
        }

        @Override
        public NDList predictStep(Batch batch, int batchIndex) {
            maybeLog("predictStep");
            return batch.getData();
        }

        @Override
        public void setup(Stage stage) {
            maybeLog("setup");
        }

        @Override
        public void teardown(Stage stage) {
            maybeLog("teardown");
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            maybeLog("configureOptimizers");
            return super.configureOptimizers();
        }

        @Override
        public void onFitStart() {
            maybeLog("onFitStart");
        }

        @Override
        public void onTrainEnd() {
            maybeLog("onTrainEnd");
        }

        @Override
        public void onFitEnd() {
            maybeLog("onFitEnd");
        }

        @Override
        public void onTrainEpochStart() {
            atEpochStart.run();
        }

        @Override
        public void onTrainEpochEnd() {
            atEpochEnd.run();
        }

        @Override
        public void onValidationEpochEnd() {
            atValidationEpochEnd.run();
        }
    }

    /** Compares data with labels. */
    private static final class Judge extends WeightModule {
        final Accuracy accuracy = metric("accuracy", new Accuracy(2));

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            accuracy.update(batch.getData().head(), batch.getLabels().head());
            log("accuracy", accuracy);
        }
    }
}
