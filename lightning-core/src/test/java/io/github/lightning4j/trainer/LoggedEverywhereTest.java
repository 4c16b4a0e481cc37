package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Reduction;
import io.github.lightning4j.Run;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.TracingModule;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.logger.CsvLogger;
import io.github.lightning4j.testing.MemoryLogger;
import io.github.lightning4j.trainer.internal.hook.Hook;
import io.github.lightning4j.trainer.internal.hook.LogPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is logged arrives, wherever that is allowed, and is said to what run it belongs. */
class LoggedEverywhereTest {
    private static final LogOptions SUM = LogOptions.defaults().reduce(Reduction.SUM);

    private final TestData data = TestData.open();
    private final MemoryLogger logger = new MemoryLogger();

    @TempDir
    Path directory;

    @AfterEach
    void free() {
        data.close();
    }

    // ---- every hook

    static Stream<Hook> hooksThatLog() {
        return Stream.of(Hook.values()).filter(hook -> hook.policy() != LogPolicy.FORBIDDEN);
    }

    @ParameterizedTest
    @MethodSource("hooksThatLog")
    void aValueLoggedInAHook_arrives(Hook hook) {
        Trainer trainer = Trainers.quiet()
                .loggers(logger)
                .logEveryNSteps(1)
                .defaultRootDir(directory)
                .build();
        try (LoggingIn module = new LoggingIn(hook)) {
            trainer.fit(module, data(), data());
            trainer.test(module, data());
        }

        assertThat(logger.values("x")).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("hooksThatLog")
    void aValueLoggedInAHook_isTheSameInAResumedRun(Hook hook) {
        for (int epoch = 0; epoch < 2; epoch++) {
            MemoryLogger disturbed = new MemoryLogger();
            Path run = directory.resolve(Integer.toString(epoch));
            fit(hook, run, disturbed, null, interrupting(epoch));
            FitResult resumed = fit(hook, run, disturbed, CkptPath.last(), new Callback() {});

            MemoryLogger undisturbed = new MemoryLogger();
            FitResult whole = fit(hook, directory.resolve("whole" + epoch), undisturbed, null, new Callback() {});

            assertThat(resumed.metrics()).isEqualTo(whole.metrics());
            assertThat(disturbed.rows()).isEqualTo(undisturbed.rows());
        }
    }

    private FitResult fit(Hook hook, Path run, MemoryLogger rows, @Nullable CkptPath checkpoint, Callback callback) {
        Trainer trainer = Trainers.quiet()
                .maxEpochs(3)
                .loggers(rows)
                .logEveryNSteps(1)
                .runDirectory(run)
                .callbacks(callback)
                .build();
        try (LoggingIn module = new LoggingIn(hook)) {
            return checkpoint == null
                    ? trainer.fit(module, data(), data())
                    : trainer.fit(module, data(), data(), checkpoint);
        }
    }

    private static Callback interrupting(int epoch) {
        return new Callback() {
            @Override
            public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
                if (run.epoch() == epoch && batchIndex == 1) {
                    run.interrupt("test");
                }
            }
        };
    }

    private DataLoader data() {
        return data.regression(6, 2);
    }

    @Test
    void hooksOfAWholeEvaluation_haveNoLoadersSuffix() {
        for (Hook hook :
                List.of(Hook.ON_VALIDATION_START, Hook.ON_VALIDATION_EPOCH_START, Hook.ON_VALIDATION_EPOCH_END)) {
            try (LoggingIn module = new LoggingIn(hook)) {
                Map<String, Double> metrics = Trainers.quiet().build().validate(module, data(), data());

                assertThat(metrics).containsEntry("x", 1.0);
            }
        }
    }

    // ---- rows

    @Test
    void aRunShorterThanTheLoggingInterval_showsItsLastStepInTheEpochsRow() {
        try (LoggingIn module = new LoggingIn(Hook.TRAINING_STEP)) {
            Trainers.quiet().maxEpochs(2).loggers(logger).build().fit(module, data());
        }

        assertThat(logger.steps("train_loss")).containsExactly(3L, 6L);
    }

    @Test
    void anEpochWithARowOfASteps_doesNotShowItAgain() {
        try (LoggingIn module = new LoggingIn(Hook.TRAINING_STEP)) {
            Trainers.quiet()
                    .maxEpochs(2)
                    .logEveryNSteps(2)
                    .loggers(logger)
                    .build()
                    .fit(module, data());
        }

        assertThat(logger.steps("train_loss")).containsExactly(2L, 4L, 6L);
    }

    // ---- evaluations

    @Test
    void evaluationsAfterAFit_goToItsLoggersWithItsStep() throws IOException {
        Trainer trainer = Trainer.builder()
                .maxEpochs(2)
                .enableProgressBar(false)
                .enableModelSummary(false)
                .runDirectory(directory)
                .build();
        try (LoggingIn module = new LoggingIn(Hook.TEST_STEP);
                LoggingIn other = new LoggingIn(Hook.TEST_STEP)) {
            trainer.fit(module, data(), data());
            trainer.test(other, data());
            trainer.test(module, data());
            trainer.validate(module, data());
        }

        List<String> lines = Files.readAllLines(directory.resolve("metrics.csv"));
        assertThat(lines.get(0)).contains("test_loss");
        assertThat(lines.subList(lines.size() - 2, lines.size())).allMatch(line -> line.startsWith("6,2,"));
        assertThat(lines.stream().filter(line -> line.startsWith("6,2,"))).hasSize(2);
        assertThat(Files.readString(directory.resolve("result.json"))).contains("test_loss");
    }

    @Test
    void anEvaluationOnItsOwn_isLoggedIfALoggerWasGiven_inADirectoryOfItsOwn() throws IOException {
        try (LoggingIn module = new LoggingIn(Hook.TEST_STEP)) {
            builder().build().test(module, data());
            assertThat(directory).isEmptyDirectory();

            Trainer trainer = builder().loggers(new CsvLogger()).build();
            trainer.test(module, data());
            trainer.validate(module, data());
            trainer.fit(module, data(), data());
            trainer.test(module, data());
        }

        assertThat(Files.readAllLines(directory.resolve("test/0/metrics.csv"))).hasSize(2);
        assertThat(Files.readAllLines(directory.resolve("validate/0/metrics.csv")))
                .hasSize(2);
        assertThat(directory.resolve("test/1")).doesNotExist();
    }

    @Test
    void aLoggerThatWasElsewhereMeanwhile_goesOnInTheFileOfTheFit() throws IOException {
        Trainer trainer = builder().loggers(new CsvLogger()).build();
        try (LoggingIn module = new LoggingIn(Hook.TEST_STEP);
                LoggingIn other = new LoggingIn(Hook.TEST_STEP)) {
            trainer.fit(module, data());
            trainer.test(other, data());
            trainer.test(module, data());
        }

        List<String> lines = Files.readAllLines(directory.resolve("metrics.csv"));
        assertThat(lines).hasSize(3);
        assertThat(lines.get(2)).startsWith("3,1,");
    }

    private Trainer.Builder builder() {
        return Trainer.builder()
                .maxEpochs(1)
                .enableProgressBar(false)
                .enableModelSummary(false)
                .runDirectory(directory);
    }

    /** Logs the number 1 in one hook. */
    private static final class LoggingIn extends TracingModule {
        LoggingIn(Hook hook) {
            this(hook.label(), new Called());
        }

        private LoggingIn(String hook, Called called) {
            super(called);
            called.then = name -> {
                if (name.equals("M." + hook)) {
                    log("x", 1, SUM);
                }
            };
        }
    }

    /** Passes on what it is told. */
    private static final class Called extends ArrayList<String> {
        private transient Consumer<String> then = name -> {};

        @Override
        public boolean add(String name) {
            then.accept(name);
            return true;
        }
    }
}
