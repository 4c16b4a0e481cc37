package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Every;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.LrScheduler;
import io.github.lightning4j.Mode;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.callback.EarlyStopping;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.Weights;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.optim.scheduler.ChainedScheduler;
import io.github.lightning4j.optim.scheduler.ConstantLR;
import io.github.lightning4j.optim.scheduler.OneCycleLR;
import io.github.lightning4j.optim.scheduler.SequentialLR;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What waits for a value acts on new ones, whenever they come, and a schedule's end is noticed in time. */
class NewValuesTest {
    private static final List<Every> VALIDATIONS = List.of(
            Every.epochs(1),
            Every.epochs(2),
            Every.epochs(7),
            Every.steps(1),
            Every.steps(5),
            Every.epochFraction(0.5),
            Every.duration(Duration.ofHours(1)),
            Every.duration(Duration.ofNanos(1)));
    private static final List<Every> SCHEDULES =
            List.of(Every.epochs(1), Every.epochs(3), Every.steps(1), Every.steps(4));

    private final TestData data = TestData.open();

    @TempDir
    Path directory;

    @AfterEach
    void free() {
        data.close();
    }

    // ---- monitors

    static Stream<Object[]> intervals() {
        return VALIDATIONS.stream()
                .flatMap(validation -> SCHEDULES.stream().map(schedule -> new Object[] {validation, schedule}));
    }

    @ParameterizedTest
    @MethodSource("intervals")
    void aScheduler_stepsOnNewValuesAlone(Every validation, Every schedule) {
        Counting module = new Counting(sgd -> new Noting(sgd, new ArrayList<>()), schedule);
        try (module) {
            Trainers.quiet()
                    .maxEpochs(6)
                    .valCheckInterval(validation)
                    .build()
                    .fit(module, data.regression(8, 2), data.regression(2, 2));
        }

        assertThat(module.scheduler.values).doesNotHaveDuplicates().isSorted();
        assertThat(module.scheduler.values.isEmpty()).isEqualTo(module.validations == 0);
    }

    @Test
    void aMetricThatNeverComes_isMissedOnceItShouldHaveCome() {
        Counting module = new Counting(sgd -> new Noting(sgd, new ArrayList<>()), Every.steps(1));
        int[] batches = new int[1];
        Callback counter = new Callback() {
            @Override
            public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
                batches[0]++;
            }
        };
        try (module) {
            assertThatThrownBy(() -> Trainers.quiet()
                            .maxEpochs(6)
                            .callbacks(counter)
                            .build()
                            .fit(module, data.regression(8, 2)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("monitors 'number'");
        }
        assertThat(batches[0]).isEqualTo(4);
    }

    @Test
    void theValueOfAnEpoch_comesOnceHoweverOftenItIsReduced() {
        List<Long> times = new ArrayList<>();
        Callback counter = new Callback() {
            @Override
            public void onSavePoint(Run run, SavePoint point) {
                if (point == SavePoint.EPOCH) {
                    times.add(run.timesLogged("of_epoch"));
                }
            }
        };
        try (BoringModule module = new OfEpochs()) {
            Trainers.quiet().maxEpochs(3).callbacks(counter).build().fit(module, data.regression(4, 2));
        }

        assertThat(times).containsExactly(1L, 2L, 3L);
    }

    private static final class OfEpochs extends BoringModule {
        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray loss = loss(batch);
            log("of_epoch", loss, LogOptions.defaults().onStep(false).onEpoch(true));
            return loss;
        }
    }

    @Test
    void earlyStopping_countsNewValuesAlone() {
        Rare module = new Rare();
        EarlyStopping stopping =
                EarlyStopping.builder("rare").patience(1).mode(Mode.MAX).build();
        try (module) {
            FitResult result = Trainers.quiet()
                    .maxEpochs(6)
                    .callbacks(stopping)
                    .build()
                    .fit(module, data.regression(4, 2), data.regression(2, 2));

            assertThat(result.epochs()).isEqualTo(6);
        }
        assertThat(stopping.waitCount()).isZero();
        assertThat(stopping.bestScore()).isEqualTo(4);
    }

    @Test
    void modelCheckpoint_judgesNewValuesAlone() {
        Rare module = new Rare();
        ModelCheckpoint checkpoint = ModelCheckpoint.builder()
                .monitor("rare")
                .mode(Mode.MAX)
                .saveTopK(-1)
                .build();
        try (module) {
            Trainers.quiet()
                    .maxEpochs(6)
                    .enableCheckpointing(true)
                    .runDirectory(directory)
                    .callbacks(checkpoint)
                    .build()
                    .fit(module, data.regression(4, 2), data.regression(2, 2));
        }

        assertThat(checkpoint.keptModels().values()).containsExactly(0.0, 2.0, 4.0);
    }

    /** Logs the epoch in every second validation. */
    private static final class Rare extends BoringModule {
        @Override
        public void validationStep(Batch batch, int batchIndex) {
            if (run().epoch() % 2 == 0) {
                log("rare", run().epoch());
            }
        }
    }

    /** Counts its validations, and follows the count. */
    private static final class Counting extends BoringModule {
        private final Function<SGD, Noting> schedule;
        private final Every interval;
        private int validations;
        private Noting scheduler;

        Counting(Function<SGD, Noting> schedule, Every interval) {
            this.schedule = schedule;
            this.interval = interval;
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            log("number", validations++);
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            SGD sgd = SGD.builder(parameters()).lr(0.1).build();
            scheduler = schedule.apply(sgd);
            return sgd.withScheduler(scheduler, interval).monitor("number");
        }
    }

    /** Notes what it is given. */
    private record Noting(Optimizer optimizer, List<Double> values) implements LrScheduler {
        @Override
        public String name() {
            return "Noting";
        }

        @Override
        public void step() {
            throw new AssertionError("stepped without a value");
        }

        @Override
        public void step(double metric) {
            values.add(metric);
        }

        @Override
        public boolean needsMetric() {
            return true;
        }

        @Override
        public double[] lastLr() {
            return new double[] {0.1};
        }

        @Override
        public void save(StateWriter state) {}

        @Override
        public void load(StateReader state) {}
    }

    // ---- schedules that end

    static Stream<BiFunction<SGD, Long, LrScheduler>> schedulesThatEnd() {
        return Stream.of(
                (sgd, steps) -> new OneCycleLR(sgd, 0.01, steps),
                (sgd, steps) -> new ChainedScheduler(new OneCycleLR(sgd, 0.01, steps)),
                (sgd, steps) -> new SequentialLR(
                        List.of(new ConstantLR(sgd, 0.5, 1), new OneCycleLR(sgd, 0.01, steps - 1)), 1));
    }

    @ParameterizedTest
    @MethodSource("schedulesThatEnd")
    void aScheduleThatEndsBeforeTheRun_isNoticedBeforeAStepChangesTheWeights(
            BiFunction<SGD, Long, LrScheduler> schedule) {
        for (boolean automatic : new boolean[] {true, false}) {
            assertUnchanged(new Ending(schedule, Every.steps(1), automatic), 10);
            assertUnchanged(new Ending(schedule, Every.epochs(1), automatic), 20);
        }
    }

    private void assertUnchanged(Ending module, long steps) {
        try (module) {
            assertThatThrownBy(() -> Trainers.quiet().maxEpochs(20).build().fit(module, data.regression(8, 4)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("totalSteps");
            assertThat(module.steps).isEqualTo(steps);
            assertThat(Weights.of(module)).isEqualTo(module.last);
        }
    }

    /** Follows a schedule of ten steps. */
    private static final class Ending extends BoringModule {
        private final BiFunction<SGD, Long, LrScheduler> schedule;
        private final Every interval;
        private final boolean automatic;
        private Object last;
        private long steps;

        Ending(BiFunction<SGD, Long, LrScheduler> schedule, Every interval, boolean automatic) {
            this.schedule = schedule;
            this.interval = interval;
            this.automatic = automatic;
        }

        @Override
        public boolean automaticOptimization() {
            return automatic;
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray loss = super.trainingStep(batch, batchIndex);
            if (!automatic) {
                Optimizer optimizer = optimizers().get(0);
                optimizer.zeroGrad();
                manualBackward(loss);
                optimizer.step();
            }
            return loss;
        }

        @Override
        public void onTrainBatchEnd(@Nullable NDArray loss, Batch batch, int batchIndex) {
            steps++;
            last = Weights.of(this);
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            SGD sgd = SGD.builder(parameters()).lr(0.1).momentum(0.9).build();
            return sgd.withScheduler(schedule.apply(sgd, 10L), interval);
        }
    }
}
