package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.lightning4j.Callback;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.callback.EarlyStopping;
import io.github.lightning4j.callback.LearningRateMonitor;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.progress.ProgressBar;
import io.github.lightning4j.summary.ModelSummary;
import io.github.lightning4j.testing.CallbackKit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Several callbacks or loggers of one kind in one run, each with its own state when the run is resumed. */
class SeveralOfOneKindTest {
    @TempDir
    Path folder;

    private static final Map<String, Supplier<Callback>> KINDS = Map.of(
            "ModelCheckpoint",
            () -> ModelCheckpoint.builder().build(),
            "ModelCheckpoint with last",
            () -> ModelCheckpoint.builder().monitor("val_loss").saveLast(true).build(),
            "EarlyStopping",
            () -> EarlyStopping.builder("val_loss").build(),
            "LearningRateMonitor",
            LearningRateMonitor::everyEpoch,
            "ProgressBar",
            ProgressBar::new,
            "ModelSummary",
            ModelSummary::new,
            "without state",
            Stateless::new,
            "anonymous",
            () -> new Callback() {});

    private static final class Stateless implements Callback {}

    @TestFactory
    Stream<DynamicTest> twoCallbacksOfOneKind_resumeExactly() {
        return KINDS.entrySet().stream()
                .flatMap(kind -> CallbackKit.builder(kind.getValue())
                        .changesTheRun()
                        .beside(kind.getValue())
                        .build()
                        .checks()
                        .filter(check -> check.name().contains("beside"))
                        .map(check -> dynamicTest(kind.getKey(), check::run)));
    }

    /** Counts what happens and stops the run at a step. */
    private static final class Counter implements Callback, Logger {
        private final long first;
        private long count;

        Counter(long first) {
            this.first = first;
            this.count = first;
        }

        @Override
        public String stateKey() {
            return "the same";
        }

        @Override
        public void onSavePoint(Run run, SavePoint point) {
            count += point == SavePoint.BATCH ? 1 : 0;
            if (run.globalStep() == 3 && count == first + 3) {
                run.interrupt("half of it is done");
            }
        }

        @Override
        public void logMetrics(Map<String, Double> metrics, long step, long epoch) {
            count += metrics.containsKey("train_loss") ? 1 : 0;
        }

        @Override
        public void save(StateWriter state) {
            state.putLong("count", count);
        }

        @Override
        public void load(StateReader state) {
            count = state.getLong("count");
        }
    }

    @Test
    void callbacksAndLoggersOfOneKey_getBackTheirOwnState() {
        List<Counter> resumed = new ArrayList<>();
        for (int start = 0; start < 2; start++) {
            Counter[] callbacks = {new Counter(100), new Counter(200), new Counter(300)};
            Counter[] loggers = {new Counter(400), new Counter(500)};
            resumed = new ArrayList<>(List.of(callbacks));
            resumed.addAll(List.of(loggers));
            Trainer trainer = Trainers.quiet()
                    .runDirectory(folder)
                    .logEveryNSteps(1)
                    .callbacks(callbacks)
                    .loggers(loggers)
                    .build();
            try (TestData data = TestData.open();
                    BoringModule module = new BoringModule()) {
                if (start == 0) {
                    trainer.fit(module, data.regression(10, 2));
                } else {
                    trainer.fit(module, data.regression(10, 2), CkptPath.last());
                }
            }
        }

        assertThat(resumed).extracting(counter -> counter.count).containsExactly(105L, 205L, 305L, 405L, 505L);
    }

    @Test
    void loggersWithoutAClassName_areSavedAndResumed() {
        for (int epochs = 1; epochs <= 2; epochs++) {
            Logger lambda = (metrics, step, epoch) -> {};
            Logger anonymous = new Logger() {
                @Override
                public void logMetrics(Map<String, Double> metrics, long step, long epoch) {}
            };
            try (TestData data = TestData.open();
                    BoringModule module = new BoringModule()) {
                FitResult result = Trainers.quiet()
                        .runDirectory(folder)
                        .autoResume(true)
                        .maxEpochs(epochs)
                        .enableCheckpointing(true)
                        .loggers(lambda, lambda, anonymous)
                        .build()
                        .fit(module, data.regression(4, 2));
                assertThat(result.epochs()).isEqualTo(epochs);
            }
        }
    }

    @Test
    void callbacksThatSaveTheLastCheckpoint_writeAFileEach() {
        try (TestData data = TestData.open();
                BoringModule module = new BoringModule()) {
            Trainers.quiet()
                    .runDirectory(folder)
                    .callbacks(
                            ModelCheckpoint.builder().saveLast(true).build(),
                            ModelCheckpoint.builder()
                                    .saveLast(true)
                                    .saveWeightsOnly(true)
                                    .build())
                    .build()
                    .fit(module, data.regression(4, 2));
        }

        Path checkpoints = folder.resolve("checkpoints");
        assertThat(Files.exists(checkpoints.resolve("last.safetensors"))).isTrue();
        assertThat(Files.exists(checkpoints.resolve("last-v1.safetensors"))).isTrue();
    }
}
