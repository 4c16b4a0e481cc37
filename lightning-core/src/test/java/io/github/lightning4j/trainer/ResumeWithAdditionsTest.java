package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.LogLines;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.metric.MeanMetric;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run resumed by a program to which something was added, or from which something was taken away. */
class ResumeWithAdditionsTest {
    private static final int BATCHES = 5;

    @TempDir
    Path folder;

    private String undisturbed = "";

    /** Stops the run after some steps. */
    private record Stopping(int step) implements Callback {
        @Override
        public void onSavePoint(Run run, SavePoint point) {
            if (run.globalStep() == step) {
                run.interrupt("to be resumed with something else");
            }
        }
    }

    /** Logs the loss by a metric of its own, if it has a name for it. */
    private static class Measured extends BoringModule {
        private final @Nullable MeanMetric mean;
        private final String name;

        Measured(String name) {
            this.name = name;
            this.mean = name.isEmpty() ? null : metric(name, new MeanMetric());
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray loss = loss(batch);
            if (mean != null) {
                mean.update(loss, batch.getSize());
                log(name, mean, LogOptions.defaults().onStep(false).onEpoch(true));
            }
            return loss;
        }
    }

    @BeforeEach
    void trainUndisturbed() {
        undisturbed =
                fit(folder.resolve("undisturbed"), "", null, trainer -> {}).weightsSha256();
    }

    private FitResult fit(Path directory, String metric, @Nullable CkptPath from, Consumer<Trainer.Builder> more) {
        Trainer.Builder trainer = Trainers.quiet().runDirectory(directory).maxEpochs(2);
        more.accept(trainer);
        try (TestData data = TestData.open();
                Measured module = new Measured(metric)) {
            return from == null
                    ? trainer.build().fit(module, data.regression(2 * BATCHES, 2))
                    : trainer.build().fit(module, data.regression(2 * BATCHES, 2), from);
        }
    }

    private List<String> resumed(
            int stoppedAt, String before, String after, Consumer<Trainer.Builder> added, boolean addedBefore) {
        Path directory = folder.resolve("run");
        fit(directory, before, null, trainer -> {
            trainer.callbacks(new Stopping(stoppedAt));
            if (addedBefore) {
                added.accept(trainer);
            }
        });
        try (LogLines lines = LogLines.capture()) {
            FitResult result = fit(directory, after, CkptPath.last(), trainer -> {
                trainer.callbacks(new Stopping(-1));
                if (!addedBefore) {
                    added.accept(trainer);
                }
            });
            assertThat(result.weightsSha256()).isEqualTo(undisturbed);
            return lines.messages();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, BATCHES, BATCHES + 2})
    void newMetric_startsFresh_andIsNamed(int stoppedAt) {
        assertThat(resumed(stoppedAt, "", "mean/loss", trainer -> {}, false))
                .contains("The metric mean/loss is new in this run: it starts without saved state");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, BATCHES, BATCHES + 2})
    void removedMetric_isNamed(int stoppedAt) {
        assertThat(resumed(stoppedAt, "mean/loss", "", trainer -> {}, false))
                .contains("The checkpoint holds the state of metric mean/loss, which this run does not have");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, BATCHES, BATCHES + 2})
    void renamedMetric_isNamedTwice(int stoppedAt) {
        assertThat(resumed(stoppedAt, "old", "new", trainer -> {}, false))
                .contains("The metric new is new in this run: it starts without saved state")
                .contains("The checkpoint holds the state of metric old, which this run does not have");
    }

    @Test
    void newLoggerAndCallback_startFresh_andAreNamed() {
        Logger lambda = (metrics, step, epoch) -> {};
        class Added implements Callback {}
        assertThat(resumed(3, "", "", trainer -> trainer.loggers(lambda).callbacks(new Added(), new Added()), false))
                .contains(
                        "The logger ResumeWithAdditionsTest$$Lambda is new in this run: it starts without saved state")
                .contains("The callback Added is new in this run: it starts without saved state")
                .contains("The callback Added-1 is new in this run: it starts without saved state");
    }

    @Test
    void removedLoggerAndCallback_areNamed() {
        Logger lambda = (metrics, step, epoch) -> {};
        class Added implements Callback {}
        assertThat(resumed(3, "", "", trainer -> trainer.loggers(lambda).callbacks(new Added()), true))
                .contains("The checkpoint holds the state of logger ResumeWithAdditionsTest$$Lambda,"
                        + " which this run does not have")
                .contains("The checkpoint holds the state of callback Added, which this run does not have");
    }

    /** Steps on the first batch of an epoch, so that what is left after a resume has none. */
    private static final class StepsFirst extends BoringModule {
        @Override
        public boolean automaticOptimization() {
            return false;
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray loss = loss(batch);
            manualBackward(loss);
            if (batchIndex == 0) {
                optimizers().get(0).step();
            }
            return loss;
        }
    }

    @Test
    void manualWindow_thatWasEnteredInItsMiddle_isNotWarnedAbout() {
        Path directory = folder.resolve("manual");
        try (TestData data = TestData.open();
                StepsFirst first = new StepsFirst();
                StepsFirst second = new StepsFirst();
                LogLines lines = LogLines.capture()) {
            Trainers.quiet()
                    .runDirectory(directory)
                    .callbacks(new Stopping(1))
                    .build()
                    .fit(first, data.regression(2 * BATCHES, 2));
            Trainers.quiet()
                    .runDirectory(directory)
                    .build()
                    .fit(second, data.regression(2 * BATCHES, 2), CkptPath.last());
            assertThat(lines.messages()).noneMatch(line -> line.contains("globalStep stays 0"));
        }
    }

    /** Logs with options that may be others at the next start. */
    private static final class LoggedSo extends BoringModule {
        private final LogOptions options;

        LoggedSo(LogOptions options) {
            this.options = options;
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray loss = loss(batch);
            log("own_loss", loss, options);
            return loss;
        }
    }

    @Test
    void optionsOfLoggedValues_mayBeOthersAtTheNextStart() {
        Trainer.Builder trainer =
                Trainers.quiet().maxEpochs(2).autoResume(true).runDirectory(folder.resolve("options"));
        try (TestData data = TestData.open();
                LoggedSo first = new LoggedSo(LogOptions.defaults());
                LoggedSo second = new LoggedSo(LogOptions.defaults().onEpoch(true))) {
            trainer.callbacks(new Stopping(3)).build().fit(first, data.regression(BATCHES * 2, 2));

            FitResult result = trainer.callbacks().build().fit(second, data.regression(BATCHES * 2, 2));

            assertThat(result.metrics()).containsKeys("own_loss_step", "own_loss_epoch");
        }
    }
}
