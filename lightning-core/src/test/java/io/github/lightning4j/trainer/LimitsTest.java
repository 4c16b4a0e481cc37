package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Limit;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import io.github.lightning4j.testing.MemoryLogger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a fit goes on, and over how much. */
class LimitsTest {
    private final TestData data = TestData.open();
    private final Counted module = new Counted();

    @AfterEach
    void free() {
        module.close();
        data.close();
    }

    @Test
    void maxEpochs_endsTheFit() {
        FitResult result = fit(Trainers.quiet().maxEpochs(3), 2);

        assertThat(result.epochs()).isEqualTo(3);
        assertThat(result.globalStep()).isEqualTo(6);
        assertThat(result.stopReason()).isEqualTo("maxEpochs=3 reached");
    }

    @Test
    void noEpochsAtAll_trainsNothingButRunsTheHooks() {
        FitResult result = fit(Trainers.quiet().maxEpochs(0), 2);

        assertThat(result.globalStep()).isZero();
        assertThat(module.batches).isEmpty();
        assertThat(module.ended).isEqualTo(1);
    }

    @Test
    void maxSteps_endsWithinAnEpochAndEndsThatEpochProperly() {
        List<Long> epochEnds = new ArrayList<>();
        Callback callback = new Callback() {
            @Override
            public void onTrainEpochEnd(Run run) {
                epochEnds.add(run.globalStep());
            }
        };

        FitResult result = fit(Trainers.quiet().maxEpochs(-1).maxSteps(5).callbacks(callback), 4);

        assertThat(result.globalStep()).isEqualTo(5);
        assertThat(module.batches).containsExactly(0, 1, 2, 3, 0);
        assertThat(result.stopReason()).isEqualTo("maxSteps=5 reached");
        assertThat(epochEnds).containsExactly(4L, 5L);
    }

    @Test
    void loggersAndCallbacks_areToldWhyTheRunIsOver() {
        List<String> told = new ArrayList<>();
        Callback callback = new Callback() {
            @Override
            public void onTrainStart(Run run) {
                told.add(String.valueOf(run.stopReason()));
            }

            @Override
            public void teardown(Run run, Stage stage) {
                told.add(String.valueOf(run.stopReason()));
            }
        };

        fit(Trainers.quiet().maxEpochs(1).callbacks(callback), 1);

        assertThat(told).containsExactly("null", "maxEpochs=1 reached");
    }

    @Test
    void maxSteps_countsOptimizerSteps() {
        FitResult result = fit(Trainers.quiet().maxSteps(2).accumulateGradBatches(3), 10);

        assertThat(result.globalStep()).isEqualTo(2);
        assertThat(module.batches).hasSize(6);
    }

    @Test
    void theFirstLimitReached_wins() {
        assertThat(fit(Trainers.quiet().maxEpochs(1).maxSteps(100), 2).stopReason())
                .isEqualTo("maxEpochs=1 reached");
    }

    @Test
    void maxTime_endsTheFitAfterABatch() {
        FitResult result = fit(Trainers.quiet().maxEpochs(-1).maxTime(Duration.ofMillis(50)), 3);

        assertThat(result.stopReason()).isEqualTo("maxTime=PT0.05S reached");
        assertThat(result.globalStep()).isPositive();
    }

    @Test
    void aRequestedStop_endsTheFitAfterTheBatch() {
        FitResult result = fit(Trainers.quiet().maxEpochs(5).callbacks(new StopAt(0, 1)), 4);

        assertThat(result.globalStep()).isEqualTo(2);
        assertThat(result.stopReason()).isEqualTo("enough");
    }

    @Test
    void minEpochs_holdBackARequestedStop() {
        FitResult result = fit(Trainers.quiet().maxEpochs(5).minEpochs(3).callbacks(new StopAt(0, 1)), 4);

        assertThat(result.epochs()).isEqualTo(3);
        assertThat(result.globalStep()).isEqualTo(12);
        assertThat(result.stopReason()).isEqualTo("enough");
    }

    @Test
    void minSteps_holdBackARequestedStop() {
        FitResult result = fit(Trainers.quiet().maxEpochs(5).minSteps(6).callbacks(new StopAt(0, 1)), 4);

        assertThat(result.globalStep()).isEqualTo(6);
    }

    @Test
    void requestStopOfTheTrainer_fromAnotherThread_endsTheFitAtOnce() {
        Trainer[] trainer = new Trainer[1];
        Callback callback = new Callback() {
            @Override
            public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
                if (batchIndex == 1) {
                    Thread other = new Thread(trainer[0]::requestStop);
                    other.start();
                    try {
                        other.join();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
        };
        trainer[0] =
                Trainers.quiet().maxEpochs(5).minEpochs(3).callbacks(callback).build();

        FitResult result = trainer[0].fit(module, data.ones(4, 1));

        assertThat(result.globalStep()).isEqualTo(2);
        assertThat(result.stopReason()).contains("requestStop()");
    }

    @Test
    void aSecondFitOfTheSameTrainer_isANewRun() {
        Trainer trainer = Trainers.quiet().maxEpochs(2).build();
        trainer.fit(module, data.ones(2, 1));

        FitResult second = trainer.fit(module, data.ones(2, 1));

        assertThat(second.globalStep()).isEqualTo(4);
        assertThat(second.epochs()).isEqualTo(2);
        assertThat(module.value()).isEqualTo(-8);
    }

    @Test
    void limitTrainBatches_cutsTheEpoch() {
        fit(Trainers.quiet().maxEpochs(2).limitTrainBatches(Limit.batches(2)), 5);
        assertThat(module.batches).containsExactly(0, 1, 0, 1);

        module.batches.clear();
        fit(Trainers.quiet().limitTrainBatches(Limit.fraction(0.5)), 5);
        assertThat(module.batches).containsExactly(0, 1);
    }

    @Test
    void aFractionOfNoBatch_isRefusedWithTheSmallestThatWorks() {
        assertThatThrownBy(() -> fit(Trainers.quiet().limitTrainBatches(Limit.fraction(0.1)), 5))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("limitTrainBatches")
                .hasMessageContaining("0.2");
    }

    @Test
    void aFractionOfUnknownLength_isRefused() {
        Iterable<Batch> unknown = data.batches(new float[] {1})::iterator;

        assertThatThrownBy(() -> Trainers.quiet()
                        .limitTrainBatches(Limit.fraction(0.5))
                        .build()
                        .fit(module, unknown))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Limit.batches(n)");
    }

    @Test
    void limits_applyToTestAndPredict() {
        Trainer trainer = Trainers.quiet()
                .limitTestBatches(Limit.batches(2))
                .limitPredictBatches(Limit.batches(1))
                .build();

        trainer.test(module, data.ones(4, 1));
        assertThat(module.batches).containsExactly(0, 1);
        try (PredictResult result = trainer.predict(module, data.ones(4, 1))) {
            assertThat(result.batches()).hasSize(1);
        }
    }

    @Test
    void fastDevRun_triesAFewBatchesOfEverythingWithoutLoggers() {
        MemoryLogger logger = new MemoryLogger();
        List<Stage> stages = new ArrayList<>();
        Callback callback = new Callback() {
            @Override
            public void onValidationBatchStart(Run run, Batch batch, int batchIndex, int loaderIndex) {
                assertThat(run.isFastDevRun()).isTrue();
                stages.add(run.stage());
            }
        };
        Trainer trainer = Trainers.quiet()
                .maxEpochs(7)
                .numSanityValSteps(2)
                .logEveryNSteps(1)
                .loggers(logger)
                .callbacks(callback)
                .fastDevRun(3)
                .build();

        FitResult result = trainer.fit(module, data.ones(9, 1), data.ones(9, 1));

        assertThat(result.globalStep()).isEqualTo(3);
        assertThat(result.epochs()).isEqualTo(1);
        assertThat(stages).containsExactly(Stage.VALIDATE, Stage.VALIDATE, Stage.VALIDATE);
        assertThat(logger.rows()).isEmpty();
        assertThat(result.runDirectory()).isNull();
    }

    @Test
    void samplesAndCounts_areKnownToCallbacks() {
        List<String> seen = new ArrayList<>();
        Callback callback = new Callback() {
            @Override
            public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
                seen.add(run.samplesSeen() + " of batch " + run.batchesDone() + "/" + run.trainBatches());
            }
        };

        Trainers.quiet().callbacks(callback).build().fit(module, data.ones(5, 2));

        assertThat(seen).containsExactly("2 of batch 1/3", "4 of batch 2/3", "5 of batch 3/3");
    }

    private FitResult fit(Trainer.Builder trainer, int batches) {
        return trainer.build().fit(module, data.ones(batches, 1));
    }

    private record StopAt(long epoch, int batch) implements Callback {
        @Override
        public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch given, int batchIndex) {
            if (run.epoch() == epoch && batchIndex == batch) {
                run.requestStop("enough");
            }
        }
    }

    /** Notes the batches it is given. */
    private static final class Counted extends WeightModule {
        final List<Integer> batches = new ArrayList<>();
        int ended;

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            batches.add(batchIndex);
            return super.trainingStep(batch, batchIndex);
        }

        @Override
        public void testStep(Batch batch, int batchIndex) {
            batches.add(batchIndex);
        }

        @Override
        public ai.djl.ndarray.NDList predictStep(Batch batch, int batchIndex) {
            return batch.getData();
        }

        @Override
        public void onTrainEnd() {
            ended++;
        }
    }
}
