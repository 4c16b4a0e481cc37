package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Every;
import io.github.lightning4j.Limit;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Run;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.optim.scheduler.OneCycleLR;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How long a fit is going to be, as a module that makes a schedule has to know. */
class EstimatedStepsTest {
    private static final int BATCHES = 7;

    private final TestData data = TestData.open();

    @AfterEach
    void close() {
        data.close();
    }

    /** Asks for what schedules need, where they are made. */
    private static final class Asking extends BoringModule {
        private long batches;
        private long steps;
        private boolean validates;

        @Override
        public OptimizerConfig configureOptimizers() {
            batches = run().trainBatches();
            validates = run().hasValidation();
            steps = estimatedSteps();
            SGD sgd = SGD.builder(parameters()).lr(0.1).momentum(0.9).build();
            return sgd.withScheduler(new OneCycleLR(sgd, 0.2, Math.toIntExact(steps)), Every.steps(1));
        }
    }

    static Stream<Arguments> fits() {
        return Stream.of(
                fit("epochs", 21, trainer -> trainer.maxEpochs(3)),
                fit("steps", 5, trainer -> trainer.maxEpochs(-1).maxSteps(5)),
                fit(
                        "fewer steps than epochs",
                        9,
                        trainer -> trainer.maxEpochs(2).maxSteps(9)),
                fit(
                        "fewer epochs than steps",
                        14,
                        trainer -> trainer.maxEpochs(2).maxSteps(90)),
                fit(
                        "windows, the last one short",
                        9,
                        trainer -> trainer.maxEpochs(3).accumulateGradBatches(3)),
                fit(
                        "a window longer than the epoch",
                        2,
                        trainer -> trainer.maxEpochs(2).accumulateGradBatches(50)),
                fit("a number of batches", 8, trainer -> trainer.maxEpochs(2).limitTrainBatches(Limit.batches(4))),
                fit("a share of them", 6, trainer -> trainer.maxEpochs(2).limitTrainBatches(Limit.fraction(0.5))),
                fit("a trial run", 1, trainer -> trainer.maxEpochs(9).fastDevRun(true)));
    }

    private static Arguments fit(String name, long steps, UnaryOperator<Trainer.Builder> options) {
        return Arguments.of(name, steps, options);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fits")
    void estimatedSteps_areTheStepsThatTheFitTakes(String name, long steps, UnaryOperator<Trainer.Builder> options) {
        try (Asking module = new Asking()) {
            FitResult result = options.apply(Trainers.quiet())
                    .build()
                    .fit(module, data.regression(BATCHES * 4, 4), data.regression(2, 4));

            assertThat(module.steps).isEqualTo(steps).isEqualTo(result.globalStep());
            assertThat(module.validates).isTrue();
            assertThat(module.batches).isPositive().isLessThanOrEqualTo(BATCHES);
        }
    }

    @Test
    void aRunThatAskedForThem_isResumedWithinAnEpochWithTheRestOfItsBatches(@TempDir Path folder) {
        List<Float> whole = new ArrayList<>();
        List<Float> parts = new ArrayList<>();
        String undisturbed = fit(whole, folder.resolve("whole"), -1).weightsSha256();

        fit(parts, folder.resolve("parts"), 10);
        FitResult resumed = fit(parts, folder.resolve("parts"), -1);

        assertThat(resumed.resumedFromSteps()).containsExactly(10L);
        assertThat(parts).isEqualTo(whole).hasSize(3 * BATCHES);
        assertThat(resumed.weightsSha256()).isEqualTo(undisturbed);
    }

    private FitResult fit(List<Float> seen, Path run, long stopAt) {
        Callback noting = new Callback() {
            @Override
            public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
                seen.add(batch.getData().head().getFloat(0, 0));
                if (run.globalStep() == stopAt) {
                    run.interrupt("test");
                }
            }
        };
        try (Asking module = new Asking()) {
            return Trainers.quiet()
                    .maxEpochs(3)
                    .callbacks(noting)
                    .runDirectory(run)
                    .autoResume(true)
                    .build()
                    .fit(module, DataLoader.of(data.regression(BATCHES * 4), 4, true));
        }
    }

    @Test
    void stepsThatCannotBeKnown_areRefusedWhereTheyAreAskedFor() {
        List<Batch> batches = data.batches(new float[] {1}, new float[] {2});
        Iterable<Batch> unknown = batches::iterator;
        try (Asking module = new Asking()) {
            assertThatThrownBy(() -> Trainers.quiet().maxEpochs(1).build().fit(module, unknown))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("maxSteps");
        }
    }
}
