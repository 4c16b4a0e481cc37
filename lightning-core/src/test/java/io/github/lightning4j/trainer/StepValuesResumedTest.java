package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Run;
import io.github.lightning4j.StepValue;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.metric.MeanMetric;
import io.github.lightning4j.metric.StepMetric;
import io.github.lightning4j.testing.MemoryLogger;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values of single steps in a run that was interrupted between two rows of the loggers. */
class StepValuesResumedTest {
    private final TestData data = TestData.open();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        data.close();
    }

    @Test
    void aResumedRun_logsTheStepsAloneAsTheUndisturbedOne() {
        MemoryLogger disturbed = new MemoryLogger();
        fit("run", disturbed, null, new Interrupting());
        fit("run", disturbed, CkptPath.last(), new Callback() {});
        MemoryLogger undisturbed = new MemoryLogger();
        fit("whole", undisturbed, null, new Callback() {});

        assertThat(undisturbed.values("mean_step")).containsExactly(1.0, 3.0, 5.0);
        assertThat(undisturbed.values("mean_epoch")).containsExactly(2.5);
        assertThat(disturbed.rows()).isEqualTo(undisturbed.rows());
    }

    private void fit(String run, MemoryLogger logger, @Nullable CkptPath checkpoint, Callback callback) {
        Trainer trainer = Trainers.quiet()
                .loggers(logger)
                .logEveryNSteps(2)
                .runDirectory(directory.resolve(run))
                .callbacks(callback)
                .build();
        DataLoader loader = data.regression(6, 1);
        try (Counting module = new Counting()) {
            if (checkpoint == null) {
                trainer.fit(module, loader);
            } else {
                trainer.fit(module, loader, checkpoint);
            }
        }
    }

    /** Logs the index of the batch. */
    private static final class Counting extends BoringModule {
        private static final LogOptions ALONE =
                LogOptions.defaults().onStep(true).onEpoch(true).stepValue(StepValue.ALONE);

        private final StepMetric<MeanMetric> mean = metric("mean", StepMetric.of(MeanMetric::new));

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            mean.update(each -> each.update(batchIndex));
            log("mean", mean, ALONE);
            return loss(batch);
        }
    }

    /** Interrupts the run after its third batch. */
    private static final class Interrupting implements Callback {
        @Override
        public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
            if (batchIndex == 2) {
                run.interrupt("test");
            }
        }
    }
}
