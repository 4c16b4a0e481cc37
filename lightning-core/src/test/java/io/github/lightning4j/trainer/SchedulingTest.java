package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.Every;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Run;
import io.github.lightning4j.fixture.LogLines;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.optim.scheduler.OneCycleLR;
import io.github.lightning4j.optim.scheduler.ReduceLROnPlateau;
import io.github.lightning4j.optim.scheduler.StepLR;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When the loop steps schedulers. */
class SchedulingTest {
    private final TestData data = TestData.open();
    private final Rates rates = new Rates();

    @AfterEach
    void free() {
        data.close();
    }

    @Test
    void byDefault_aSchedulerStepsAtTheEndOfEveryEpoch() {
        fit(Trainers.quiet().maxEpochs(3), 2, sgd -> sgd.withScheduler(new StepLR(sgd, 1, 0.5)));

        assertThat(rates.ofBatches).containsExactly(1.0, 1.0, 0.5, 0.5, 0.25, 0.25);
    }

    @Test
    void everyTwoEpochs_itLeavesOneOut() {
        fit(Trainers.quiet().maxEpochs(5), 1, sgd -> sgd.withScheduler(new StepLR(sgd, 1, 0.5), Every.epochs(2)));

        assertThat(rates.ofBatches).containsExactly(1.0, 1.0, 0.5, 0.5, 0.25);
    }

    @Test
    void everyThreeSteps_itCountsOverTheWholeRun() {
        fit(Trainers.quiet().maxEpochs(2), 4, sgd -> sgd.withScheduler(new StepLR(sgd, 1, 0.5), Every.steps(3)));

        assertThat(rates.ofBatches).containsExactly(1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25);
    }

    @Test
    void aScheduleOfSteps_steppedByEpochs_isSaid() {
        try (LogLines log = LogLines.capture()) {
            fit(Trainers.quiet(), 2, sgd -> sgd.withScheduler(new OneCycleLR(sgd, 2, 10)));

            assertThat(log.messages())
                    .anyMatch(line ->
                            line.contains("OneCycleLR counts optimizer steps") && line.contains("Every.steps(1)"));
        }
    }

    @Test
    void steps_areOptimizerSteps() {
        fit(
                Trainers.quiet().accumulateGradBatches(2),
                8,
                sgd -> sgd.withScheduler(new StepLR(sgd, 1, 0.5), Every.steps(2)));

        assertThat(rates.ofBatches).containsExactly(1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5);
    }

    @Test
    void aMonitoredMetric_isTheOneOfThisEpochsValidation() {
        fit(
                Trainers.quiet().maxEpochs(4),
                1,
                sgd -> sgd.withScheduler(ReduceLROnPlateau.builder(sgd)
                                .factor(0.5)
                                .patience(0)
                                .build())
                        .monitor("val_epoch"));

        // The metric rises from 0, so that every epoch after the first is worse than the best.
        assertThat(rates.ofBatches).containsExactly(1.0, 1.0, 0.5, 0.25);
    }

    @Test
    void notStrict_aMissingMetricLeavesTheStepOut() {
        fit(
                Trainers.quiet().maxEpochs(2),
                1,
                sgd -> sgd.withScheduler(
                                ReduceLROnPlateau.builder(sgd).patience(0).build())
                        .monitor("nowhere")
                        .strict(false));

        assertThat(rates.ofBatches).containsExactly(1.0, 1.0);
    }

    private void fit(Trainer.Builder trainer, int batches, Function<SGD, OptimizerConfig> schedule) {
        WeightModule module = new WeightModule() {
            @Override
            public void validationStep(Batch batch, int batchIndex) {
                log("val_epoch", run().epoch(), LogOptions.defaults());
            }

            @Override
            public OptimizerConfig configureOptimizers() {
                return schedule.apply(SGD.builder(parameters()).lr(1).build());
            }
        };
        try (module) {
            trainer.callbacks(rates).build().fit(module, data.ones(batches, 1), data.ones(1, 1));
        }
    }

    /** Notes the rate each batch starts with. */
    private static final class Rates implements Callback {
        final List<Double> ofBatches = new ArrayList<>();

        @Override
        public void onTrainBatchStart(Run run, Batch batch, int batchIndex) {
            ofBatches.add(run.optimizers().get(0).paramGroups().get(0).lr());
        }

        @Override
        public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
            assertThat(run.schedulers()).hasSize(1);
        }
    }
}
