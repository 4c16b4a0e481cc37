package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.training.dataset.Batch;
import ai.djl.util.PairList;
import io.github.lightning4j.Callback;
import io.github.lightning4j.Closure;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LogItem;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Run;
import io.github.lightning4j.callback.GradientAccumulationScheduler;
import io.github.lightning4j.callback.LambdaCallback;
import io.github.lightning4j.callback.SpikeDetection;
import io.github.lightning4j.callback.TerminateOnNaN;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.NoisyModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.TracingCallback;
import io.github.lightning4j.fixture.TracingModule;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.SumMetric;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.optim.LBFGS;
import io.github.lightning4j.optim.LineSearch;
import io.github.lightning4j.testing.MemoryLogger;
import io.github.lightning4j.testing.Place;
import io.github.lightning4j.testing.ResumeCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Optimizers that evaluate the loss of a batch several times in a step. */
class ClosureTest {
    private static final int ITERATIONS = 4;

    private final TestData data = TestData.open();
    private final DataLoader batches = data.regression(12, 4);

    @AfterEach
    void close() {
        data.close();
    }

    /** Counts what it is asked for, and logs in every way. */
    private static class Counting extends BoringModule {
        final SumMetric samples = metric("samples", new SumMetric());
        final List<Float> losses = new ArrayList<>();
        int items;

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray loss = super.trainingStep(batch, batchIndex);
            losses.add(loss.getFloat());
            samples.update(batch.getSize());
            log("samples", samples);
            logItem("text", () -> {
                items++;
                return new LogItem.Text("shown");
            });
            return loss;
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return LBFGS.builder(parameters()).lr(0.5).maxIter(ITERATIONS).build();
        }
    }

    @Test
    void hooksBeforeAStep_mayChangeWeights_inEachEvaluation() {
        Callback shrinking = LambdaCallback.builder()
                .onBeforeOptimizerStep((run, optimizer) -> optimizer
                        .paramGroups()
                        .get(0)
                        .parameters()
                        .forEach(parameter -> parameter.getArray().muli(0.99)))
                .build();
        try (Counting automatic = new Counting();
                ByHand manual = new ByHand(parameters ->
                        LBFGS.builder(parameters).lr(0.5).maxIter(ITERATIONS).build())) {
            String expected = Trainers.quiet()
                    .callbacks(shrinking)
                    .build()
                    .fit(automatic, batches)
                    .weightsSha256();
            assertThat(Trainers.quiet()
                            .callbacks(shrinking)
                            .build()
                            .fit(manual, batches)
                            .weightsSha256())
                    .isEqualTo(expected);
        }
    }

    @Test
    void trialsUnderManualOptimization_areToldFromFirstEvaluations() {
        List<Boolean> again = new ArrayList<>();
        Callback watching = LambdaCallback.builder()
                .onBeforeBackward((run, loss) -> again.add(run.isReevaluating()))
                .build();
        try (ByHand manual = new ByHand(
                parameters -> LBFGS.builder(parameters).lr(0.1).maxIter(3).build())) {
            Trainers.quiet().callbacks(watching).build().fit(manual, data.regression(8, 4));
        }
        assertThat(again).containsExactly(false, true, true, false, true, true);
    }

    @Test
    void trialsThatOvershoot_endNoRun_butAFirstEvaluationDoes() {
        SpikeDetection spikes = SpikeDetection.builder().window(2).ratio(1e6).build();
        for (float bad : new float[] {0, Float.NaN}) {
            try (BoringModule module = new BoringModule() {
                private int evaluation;

                @Override
                public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
                    NDArray loss = super.trainingStep(batch, batchIndex);
                    evaluation++;
                    boolean overshoots = evaluation == 2 || (batchIndex == 2 && Float.isNaN(bad));
                    return overshoots ? loss.mul(Float.NaN) : loss;
                }

                @Override
                public OptimizerConfig configureOptimizers() {
                    return LBFGS.builder(parameters())
                            .maxIter(4)
                            .lineSearch(LineSearch.STRONG_WOLFE)
                            .build();
                }
            }) {
                FitResult result = Trainers.quiet()
                        .callbacks(new TerminateOnNaN(), spikes)
                        .build()
                        .fit(module, batches);
                assertThat(result.globalStep()).isEqualTo(Float.isNaN(bad) ? 2 : 3);
                assertThat(spikes.spikes()).hasSize(Float.isNaN(bad) ? 1 : 0);
            }
        }
    }

    @Test
    void hooksUnderManualOptimization_seeTheGradientsOfEachEvaluation() {
        List<Double> norms = new ArrayList<>();
        Callback watching = LambdaCallback.builder()
                .onBeforeOptimizerStep(
                        (run, optimizer) -> norms.add(optimizer.gradients().norm(2)))
                .build();
        try (ByHand manual = new ByHand(parameters ->
                LBFGS.builder(parameters).lr(0.1).maxIter(ITERATIONS).build())) {
            Trainers.quiet().callbacks(watching).build().fit(manual, data.regression(4, 4));
            assertThat(norms).hasSize(ITERATIONS).doesNotHaveDuplicates().allMatch(norm -> norm > 0);
            assertThat(manual.evaluations).isEqualTo(ITERATIONS);
        }
    }

    @Test
    void aStep_countsAndLogsOnce_howeverOftenTheLossIsEvaluated() {
        MemoryLogger logger = new MemoryLogger();
        try (Counting module = new Counting()) {
            FitResult result = Trainers.quiet()
                    .maxEpochs(2)
                    .logEveryNSteps(1)
                    .loggers(logger)
                    .build()
                    .fit(module, batches);

            assertThat(result.globalStep()).isEqualTo(6);
            assertThat(module.losses).hasSize(6 * ITERATIONS);
            assertThat(result.metrics()).containsEntry("samples", 12.0);
            assertThat(module.items).isEqualTo(6);
            List<Double> logged = logger.rows().stream()
                    .filter(row -> row.values().containsKey("train_loss"))
                    .map(row -> row.values().get("train_loss"))
                    .toList();
            List<Double> first = new ArrayList<>();
            for (int step = 0; step < 6; step++) {
                first.add((double) module.losses.get(step * ITERATIONS));
            }
            assertThat(logged).isEqualTo(first);
        }
    }

    @Test
    void dropout_isTheSameInEachEvaluationOfAStep() {
        List<Float> losses = new ArrayList<>();
        try (NoisyModule module = new NoisyModule() {
            @Override
            public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
                NDArray loss = super.trainingStep(batch, batchIndex);
                losses.add(loss.getFloat());
                return loss;
            }

            @Override
            public OptimizerConfig configureOptimizers() {
                return LBFGS.builder(parameters())
                        .lr(0)
                        .toleranceChange(0)
                        .maxIter(3)
                        .build();
            }
        }) {
            Trainers.quiet().build().fit(module, DataLoader.of(data.classes(12), 4));
        }
        assertThat(losses).hasSize(6);
        for (int step = 0; step < 3; step++) {
            assertThat(losses.get(2 * step)).isEqualTo(losses.get(2 * step + 1));
        }
        assertThat(losses.get(0)).isNotEqualTo(losses.get(2));
    }

    @Test
    void hooksUpToClipping_runInEachEvaluation() {
        List<String> trace = new ArrayList<>();
        try (TracingModule module = new TracingModule(trace) {
            @Override
            public OptimizerConfig configureOptimizers() {
                return LBFGS.builder(parameters()).maxIter(2).build();
            }
        }) {
            Trainers.quiet()
                    .callbacks(TracingCallback.named("C", trace))
                    .build()
                    .fit(module, data.regression(4, 4));
        }
        List<String> evaluation = List.of(
                "M.trainingStep",
                "C.onBeforeZeroGrad",
                "M.onBeforeZeroGrad",
                "M.optimizerZeroGrad",
                "C.onBeforeBackward",
                "M.onBeforeBackward",
                "M.backward",
                "C.onAfterBackward",
                "M.onAfterBackward",
                "C.onBeforeOptimizerStep",
                "M.onBeforeOptimizerStep",
                "M.configureGradientClipping");
        List<String> expected = new ArrayList<>(List.of("M.onTrainBatchStart"));
        expected.addAll(evaluation);
        expected.add("M.optimizerStep");
        expected.addAll(evaluation);
        expected.add("C.onTrainBatchEnd");
        assertThat(trace).containsSequence(expected);
    }

    @TestFactory
    Stream<DynamicTest> interruptedRuns_goOnBitForBit() {
        return ResumeCheck.builder(Learning::new, DataLoader.of(data.classes(12), 4))
                .places(Stream.of(Place.values())
                        .filter(place -> place != Place.INSIDE_WINDOW)
                        .toArray(Place[]::new))
                .build()
                .checks()
                .map(check -> DynamicTest.dynamicTest(check.name(), check::run));
    }

    private static final class Learning extends NoisyModule {
        @Override
        public OptimizerConfig configureOptimizers() {
            return LBFGS.builder(parameters())
                    .maxIter(3)
                    .historySize(4)
                    .lineSearch(LineSearch.STRONG_WOLFE)
                    .build();
        }
    }

    @Test
    void manualOptimization_givesItsOwnClosure_andEndsWhereTheLoopEnds() {
        try (Counting automatic = new Counting();
                BoringModule manual = new ByHand(parameters ->
                        LBFGS.builder(parameters).lr(0.5).maxIter(ITERATIONS).build())) {
            String expected = Trainers.quiet()
                    .maxEpochs(2)
                    .build()
                    .fit(automatic, batches)
                    .weightsSha256();
            FitResult result = Trainers.quiet().maxEpochs(2).build().fit(manual, batches);

            assertThat(result.weightsSha256()).isEqualTo(expected);
            assertThat(result.globalStep()).isEqualTo(6);
        }
    }

    @Test
    void optimizerThatNeedsNoClosure_evaluatesItOnce() {
        try (ByHand manual =
                new ByHand(parameters -> Adam.builder(parameters).lr(0.01).build())) {
            Trainers.quiet().build().fit(manual, batches);
            assertThat(manual.evaluations).isEqualTo(3);
        }
    }

    private static final class ByHand extends BoringModule {
        private final Function<PairList<String, Parameter>, Optimizer> optimizer;
        private int evaluations;

        ByHand(Function<PairList<String, Parameter>, Optimizer> optimizer) {
            this.optimizer = optimizer;
        }

        @Override
        public boolean automaticOptimization() {
            return false;
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            Optimizer only = optimizers().get(0);
            Closure closure = () -> {
                evaluations++;
                only.zeroGrad();
                NDArray loss = Losses.mse(
                        call(layer, batch.getData()).head(), batch.getLabels().head());
                manualBackward(loss);
                return loss.getFloat();
            };
            log("train_loss", only.step(closure));
            return null;
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return optimizer.apply(parameters());
        }
    }

    @Test
    void stepsOfSeveralBatches_areRefused() {
        try (Counting module = new Counting()) {
            assertThatThrownBy(() ->
                            Trainers.quiet().accumulateGradBatches(2).build().fit(module, batches))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("LBFGS")
                    .hasMessageContaining("2 batches");
            assertThatThrownBy(() -> Trainers.quiet()
                            .maxEpochs(2)
                            .callbacks(new GradientAccumulationScheduler(Map.of(1, 3)))
                            .build()
                            .fit(module, batches))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("3 batches");
        }
    }

    @Test
    void batchLeftOutAtFirst_isNotStepped_andLaterIsRefused() {
        try (Counting module = new Counting()) {
            FitResult result = Trainers.quiet().callbacks(skipping(1)).build().fit(module, batches);
            assertThat(result.globalStep()).isEqualTo(2);
            assertThatThrownBy(() ->
                            Trainers.quiet().callbacks(skipping(2)).build().fit(module, batches))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("skipBatch")
                    .hasMessageContaining("evaluates again");
        }
    }

    private static Callback skipping(int which) {
        return new Callback() {
            private int seen;

            @Override
            public void onBeforeBackward(Run run, NDArray loss) {
                seen++;
                if (seen == which) {
                    run.skipBatch();
                }
            }
        };
    }

    @Test
    void lbfgs_fitsALine_inOneEpochOfOneBatch() {
        try (BoringModule module = new BoringModule() {
            @Override
            public OptimizerConfig configureOptimizers() {
                return LBFGS.builder(parameters())
                        .maxIter(50)
                        .lineSearch(LineSearch.STRONG_WOLFE)
                        .build();
            }
        }) {
            FitResult result = Trainers.quiet().maxEpochs(3).build().fit(module, data.regression(12, 12));
            double least = result.metrics().get("train_loss");
            FitResult more = Trainers.quiet().maxEpochs(1).build().fit(module, data.regression(12, 12));
            assertThat(more.metrics().get("train_loss")).isCloseTo(least, within(1e-6));
        }
    }
}
