package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Every;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.LogLines;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.metric.MeanMetric;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.optim.scheduler.ExponentialLR;
import io.github.lightning4j.optim.scheduler.StepLR;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A run resumed by a program that was changed meanwhile: it goes on exactly, or a sentence says what differs. */
class ResumeWithChangesTest {
    private static final int BATCHES = 5;
    private static final int STEPS = 3 * BATCHES;
    private static final double LR = 0.1;
    private static final double GAMMA = 0.9;

    @TempDir
    Path folder;

    /** What the program has besides; a gamma of 0 stands for no scheduler. */
    private record Program(boolean automatic, boolean metric, boolean logger, double gamma) {
        Program(boolean automatic) {
            this(automatic, false, false, 0);
        }

        Program withMetric() {
            return new Program(automatic, true, logger, gamma);
        }

        Program withLogger() {
            return new Program(automatic, metric, true, gamma);
        }

        Program withGamma(double value) {
            return new Program(automatic, metric, logger, value);
        }
    }

    /** What became of a run. */
    private record End(String weights, double lr, List<String> lines) {}

    private static final class Net extends BoringModule {
        private final Program program;
        private final @Nullable MeanMetric mean;
        private double lr;

        Net(Program program) {
            this.program = program;
            this.mean = program.metric ? metric("mean", new MeanMetric()) : null;
        }

        @Override
        public boolean automaticOptimization() {
            return program.automatic;
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray loss = loss(batch);
            if (mean != null) {
                mean.update(loss, batch.getSize());
                log("mean", mean, LogOptions.defaults().onStep(false).onEpoch(true));
            }
            if (!program.automatic) {
                manualBackward(loss);
                optimizers().get(0).step();
                optimizers().get(0).zeroGrad();
            }
            return loss;
        }

        @Override
        public void onTrainEnd() {
            lr = optimizers().get(0).paramGroups().get(0).lr();
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            Optimizer sgd = SGD.builder(parameters()).lr(LR).build();
            return program.gamma == 0 ? sgd : sgd.withScheduler(new ExponentialLR(sgd, program.gamma), Every.steps(1));
        }
    }

    private record Stopping(int step) implements Callback {
        @Override
        public void onSavePoint(Run run, SavePoint point) {
            if (run.globalStep() == step) {
                run.interrupt("to be resumed by another program");
            }
        }
    }

    private End fit(Path directory, Program program, int stopAt, boolean resumes) {
        Trainer.Builder trainer =
                Trainers.quiet().runDirectory(directory).maxEpochs(3).callbacks(new Stopping(stopAt));
        if (program.logger) {
            trainer.loggers((metrics, step, epoch) -> {});
        }
        try (TestData data = TestData.open();
                Net net = new Net(program);
                LogLines lines = LogLines.capture()) {
            FitResult result = resumes
                    ? trainer.build().fit(net, data.regression(2 * BATCHES, 2), CkptPath.last())
                    : trainer.build().fit(net, data.regression(2 * BATCHES, 2));
            return new End(result.weightsSha256(), net.lr, lines.messages());
        }
    }

    private End resumed(int stopAt, Program before, Program after) {
        Path directory = folder.resolve(before.hashCode() + "-" + after.hashCode() + "-" + stopAt);
        fit(directory, before, stopAt, false);
        return fit(directory, after, -1, true);
    }

    /** In the first epoch, at its end, and inside the second and third. */
    private static Stream<Integer> stops() {
        return Stream.of(2, BATCHES, BATCHES + 2, 2 * BATCHES + 1);
    }

    private static Stream<DynamicTest> everywhere(String name, Check check) {
        return Stream.of(true, false)
                .flatMap(automatic -> stops().map(stop -> dynamicTest(
                        name + (automatic ? ", automatic, at " : ", manual, at ") + stop,
                        () -> check.run(new Program(automatic), stop))));
    }

    private interface Check {
        void run(Program program, int stopAt);
    }

    @TestFactory
    Stream<DynamicTest> metricsAndLoggersThatComeAndGo_changeNothing() {
        return everywhere("metric and logger", (program, stop) -> {
            String undisturbed = fit(folder.resolve("u" + program.automatic + stop), program, -1, false).weights;
            for (Program other : List.of(program.withMetric(), program.withLogger())) {
                String kind = other.metric ? "metric mean" : "logger ";
                End added = resumed(stop, program, other);
                assertThat(added.weights).isEqualTo(undisturbed);
                assertThat(added.lines)
                        .anyMatch(line -> line.startsWith("The " + kind) && line.contains("is new in this run"));
                End removed = resumed(stop, other, program);
                assertThat(removed.weights).isEqualTo(undisturbed);
                assertThat(removed.lines)
                        .anyMatch(line -> line.startsWith("The checkpoint holds the state of " + kind));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> aScheduleThatIsTheSame_goesOnExactly() {
        return everywhere("same schedule", (program, stop) -> {
            Program scheduled = program.withGamma(GAMMA);
            End undisturbed = fit(folder.resolve("u" + program.automatic + stop), scheduled, -1, false);
            assertThat(undisturbed.lr).isCloseTo(LR * Math.pow(GAMMA, STEPS), within(1e-12));
            End end = resumed(stop, scheduled, scheduled);
            assertThat(end.weights).isEqualTo(undisturbed.weights);
            assertThat(end.lines).noneMatch(line -> line.contains("scheduler"));
        });
    }

    @TestFactory
    Stream<DynamicTest> aScheduleOfAnotherValue_goesOnWithIt_andIsNamed() {
        return everywhere("another gamma", (program, stop) -> {
            End end = resumed(stop, program.withGamma(GAMMA), program.withGamma(0.5));
            assertThat(end.lr).isCloseTo(LR * Math.pow(GAMMA, stop) * Math.pow(0.5, STEPS - stop), within(1e-12));
            assertThat(end.lines)
                    .anyMatch(line -> line.startsWith(
                            "gamma of the scheduler ExponentialLR was 0.9 when the run was saved and is 0.5"));
        });
    }

    @TestFactory
    Stream<DynamicTest> aNewSchedule_beginsAtItsStart_andIsNamed() {
        return everywhere("new schedule", (program, stop) -> {
            End end = resumed(stop, program, program.withGamma(GAMMA));
            assertThat(end.lr).isCloseTo(LR * Math.pow(GAMMA, STEPS - stop), within(1e-12));
            assertThat(end.lines)
                    .contains(
                            "The scheduler ExponentialLR is new in this run: it starts without saved state, at its first"
                                    + " step");
        });
    }

    @TestFactory
    Stream<DynamicTest> aScheduleTakenAway_leavesTheRate_andIsNamed() {
        return everywhere("no schedule", (program, stop) -> {
            End end = resumed(stop, program.withGamma(GAMMA), program);
            assertThat(end.lr).isCloseTo(LR * Math.pow(GAMMA, stop), within(1e-12));
            assertThat(end.lines)
                    .contains(
                            "The checkpoint holds the state of the scheduler ExponentialLR, which this run does not have:"
                                    + " learning rates stay as they were when the run was saved");
        });
    }

    @Test
    void aScheduleOfAnotherClass_isRefused() {
        Path directory = folder.resolve("class");
        fit(directory, new Program(true).withGamma(GAMMA), 2, false);
        try (TestData data = TestData.open();
                BoringModule stepped = new BoringModule() {
                    @Override
                    public OptimizerConfig configureOptimizers() {
                        Optimizer sgd = SGD.builder(parameters()).lr(LR).build();
                        return sgd.withScheduler(new StepLR(sgd, 3), Every.steps(1));
                    }
                }) {
            assertThatThrownBy(() -> Trainers.quiet()
                            .runDirectory(directory)
                            .build()
                            .fit(stepped, data.regression(2 * BATCHES, 2), CkptPath.last()))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("ExponentialLR, but the module configured StepLR");
        }
    }

    /** Adds a group of one parameter as every fit starts. */
    private static final class Adding extends BoringModule {
        private final int parameter;

        Adding(int parameter) {
            this.parameter = parameter;
            addChildBlock("spare", Linear.builder().setUnits(1).build(), new Shape(1, 2));
        }

        @Override
        protected Shape[] inputShapes() {
            return new Shape[] {new Shape(1, TestData.FEATURES)};
        }

        @Override
        public void onFitStart() {
            optimizers()
                    .get(0)
                    .addParamGroup("late", parameters().subList(parameter, parameter + 1), Map.of("lr", 0.2));
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters().subList(0, 1)).lr(LR).build();
        }
    }

    @Test
    void aGroupThatComesBackWithOtherParameters_isRefused() {
        Path directory = folder.resolve("group");
        try (TestData data = TestData.open();
                Adding first = new Adding(1);
                Adding second = new Adding(2)) {
            Trainers.quiet()
                    .runDirectory(directory)
                    .callbacks(new Stopping(2))
                    .build()
                    .fit(first, data.regression(2 * BATCHES, 2));
            assertThatThrownBy(() -> Trainers.quiet()
                            .runDirectory(directory)
                            .callbacks(new Stopping(-1))
                            .build()
                            .fit(second, data.regression(2 * BATCHES, 2), CkptPath.last()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("'late' came back with the checkpoint, with the parameters [layer.bias]")
                    .hasMessageContaining("with others, [spare.weight]");
        }
    }
}
