package io.github.lightning4j.tuner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningDataModule;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.Run;
import io.github.lightning4j.callback.EarlyStopping;
import io.github.lightning4j.checkpoint.Weights;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import io.github.lightning4j.internal.torch.NativeMemory;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.optim.scheduler.ReduceLROnPlateau;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearningRateFinderTest {
    private TestData data;

    @BeforeEach
    void openData() {
        data = TestData.open();
    }

    @AfterEach
    void closeData() {
        data.close();
    }

    private DataLoader classes() {
        return DataLoader.of(data.classes(40), 8, true);
    }

    private static Trainer trainer() {
        return Trainers.quiet().maxEpochs(3).build();
    }

    @Test
    void findThenFit_givesTheBitsOfAFitAlone() {
        FitResult alone;
        try (WholeModule module = new WholeModule()) {
            alone = trainer().fit(module, classes());
        }
        try (WholeModule module = new WholeModule()) {
            Trainer trainer = trainer();
            LearningRateCurve curve = LearningRateFinder.builder(trainer)
                    .steps(12)
                    .minLr(1e-4)
                    .build()
                    .find(module, classes());

            assertThat(curve.rates()).hasSize(12);
            assertThat(module.isInitialized()).isFalse();
            assertThat(module.steps).isZero();
            FitResult result = trainer.fit(module, classes());
            assertThat(result.weightsSha256()).isEqualTo(alone.weightsSha256());
            assertThat(result.metrics()).isEqualTo(alone.metrics());
            assertThat(module.steps).isEqualTo(15);
        }
    }

    @Test
    void anInitialisedModule_isAsBeforeToTheLastBit() {
        try (WholeModule module = new WholeModule()) {
            trainer().fit(module, classes());
            module.unfreeze();
            String before = Weights.sha256(module);
            List<String> trainable = module.parameters().keys();
            LearningRateFinder finder =
                    LearningRateFinder.builder(trainer()).steps(12).build();

            DataLoader classes = classes();
            NativeMemory memory = NativeMemory.now();
            finder.find(module, classes);

            assertThat(Weights.sha256(module)).isEqualTo(before);
            assertThat(module.parameters().keys()).isEqualTo(trainable);
            assertThat(module.steps).isEqualTo(15);
            assertThat(NativeMemory.now()).isEqualTo(memory);
        }
    }

    @Test
    void aFailingTrial_leavesTheModuleAsBefore() {
        NativeMemory memory = NativeMemory.now();
        try (WholeModule module = new WholeModule()) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(1, TestData.FEATURES));
            String before = Weights.sha256(module);

            assertThatThrownBy(
                            () -> LearningRateFinder.builder(trainer()).build().find(module, data.ones(4, 2)))
                    .isInstanceOf(RuntimeException.class);

            assertThat(Weights.sha256(module)).isEqualTo(before);
        }
        assertThat(NativeMemory.now().managers()).isEqualTo(memory.managers());
    }

    /** The weight falls by the rate at each step, so the loss of a step is what the rates before it add up to. */
    @Test
    void ratesAndLosses_areThoseOfTheSteps() {
        try (WeightModule module = new WeightModule()) {
            LearningRateCurve curve = LearningRateFinder.builder(trainer())
                    .minLr(1e-3)
                    .maxLr(1)
                    .steps(7)
                    .build()
                    .find(module, data.ones(6, 2));

            double weight = 0;
            double average = 0;
            assertThat(curve.rates()).hasSize(7);
            for (int i = 0; i < 7; i++) {
                assertThat(curve.rates()[i]).isCloseTo(Math.pow(10, -3 + 0.5 * i), within(1e-12));
                assertThat(curve.rawLosses()[i]).isCloseTo(weight, within(1e-6));
                average = 0.98 * average + 0.02 * weight;
                assertThat(curve.losses()[i]).isCloseTo(average / (1 - Math.pow(0.98, i + 1)), within(1e-6));
                weight -= curve.rates()[i];
            }
            assertThat(curve.stoppedEarly()).isFalse();
        }
    }

    @Test
    void linearRates_riseByTheSameAmount() {
        try (WeightModule module = new WeightModule()) {
            LearningRateCurve curve = LearningRateFinder.builder(trainer())
                    .mode(RangeMode.LINEAR)
                    .minLr(0.1)
                    .maxLr(0.5)
                    .steps(5)
                    .build()
                    .find(module, data.ones(6, 2));

            assertThat(curve.rates()).containsExactly(new double[] {0.1, 0.2, 0.3, 0.4, 0.5}, within(1e-12));
        }
    }

    @Test
    void accumulatedBatches_shareARateAndAverageTheirLosses() {
        Trainer accumulating = Trainers.quiet().accumulateGradBatches(2).build();
        try (WeightModule module = new WeightModule()) {
            LearningRateCurve curve = LearningRateFinder.builder(accumulating)
                    .mode(RangeMode.LINEAR)
                    .minLr(1)
                    .maxLr(3)
                    .steps(3)
                    .build()
                    .find(module, data.numbers(1, 1, 3, 5, 7));

            // Gradients 2, 6 and 2 at rates 1, 2 and 3; the losses of a window are its data times the weight.
            assertThat(curve.rawLosses()).containsExactly(new double[] {0, -2 * 6, -14 * 2}, within(1e-5));
        }
    }

    /** The square of the weight less the mean of a batch, which runs away at rates above 1. */
    private static final class Valley extends WeightModule {
        @Override
        protected NDArray loss(Batch batch) {
            return weight.getArray().sub(batch.getData().head().mean()).square().mean();
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0.1).build();
        }
    }

    @Test
    void aLossThatRunsAway_endsTheTrial() {
        LearningRateFinder.Builder finder =
                LearningRateFinder.builder(trainer()).minLr(1e-3).maxLr(100).steps(100);
        try (Valley module = new Valley()) {
            LearningRateCurve stopped = finder.build().find(module, data.numbers(2, 1, 1, 2, 2));
            LearningRateCurve finite = finder.earlyStopThreshold(Double.POSITIVE_INFINITY)
                    .maxLr(1e6)
                    .build()
                    .find(module, data.numbers(2, 1, 1, 2, 2));

            assertThat(stopped.stoppedEarly()).isTrue();
            assertThat(stopped.rates().length).isBetween(60, 75);
            assertThat(stopped.suggestion()).isBetween(1e-3, 1.0);
            assertThat(last(finite)).isGreaterThan(last(stopped));
            assertThat(Arrays.stream(finite.losses())).allMatch(Double::isFinite);
            assertThat(finite.stoppedEarly()).isTrue();
            assertThat(stopped)
                    .asString()
                    .matches("\\d\\d learning rates from 0.00100 to [\\d.]+ \\(stopped early\\), least loss [\\d.]+");
        }
    }

    private static double last(LearningRateCurve curve) {
        return curve.rates()[curve.rates().length - 1];
    }

    @Test
    void suggestion_isTheSteepestStep() {
        double[] rates = {1, 2, 3, 4, 5, 6, 7, 8};
        double[] losses = {9, 1, 5, 5, 4, 2, 1.5, 0};
        LearningRateCurve curve = new LearningRateCurve(rates, losses, losses, false);

        // Of the steps 2 to 6 numpy.gradient gives 0, -0.5, -1.5, -1.25, -0.5.
        assertThat(curve.suggestion(2, 1)).isEqualTo(5);
        assertThat(curve.suggestion(0, 0)).isEqualTo(1);
        assertThat(curve.suggestion(4, 0)).isEqualTo(5);
        assertThatThrownBy(curve::suggestion)
                .isInstanceOf(LightningException.class)
                .hasMessage(
                        "The 8 steps of the curve are too few for a suggestion that leaves out 10 at its beginning and 1"
                                + " at its end. Take a smaller minLr, more steps, or leave out fewer.");
        assertThatThrownBy(() -> new LearningRateCurve(rates, rates, rates, false).suggestion(0, 0))
                .isInstanceOf(LightningException.class)
                .hasMessageStartingWith("The loss falls at no learning rate from 1.0 to 8.0");
    }

    /** Two layers with rates of their own, a schedule that needs validation, and a callback that does. */
    private static final class Scheduled extends BoringModule {
        final List<List<Double>> rates = new ArrayList<>();

        @Override
        public OptimizerConfig configureOptimizers() {
            SGD sgd = SGD.builder(parameters())
                    .lr(0.02)
                    .group("bias", (name, parameter) -> name.endsWith("bias"))
                    .lr(0.2)
                    .build();
            return sgd.withScheduler(new ReduceLROnPlateau(sgd)).monitor("val_loss");
        }

        @Override
        public List<Callback> configureCallbacks() {
            return List.of(EarlyStopping.builder("val_loss").build());
        }

        @Override
        public void onBeforeOptimizerStep(Optimizer optimizer) {
            rates.add(optimizer.paramGroups().stream().map(ParamGroup::lr).toList());
        }
    }

    @Test
    void groupsKeepTheirProportions_andSchedulesAndCallbacksRest() {
        try (Scheduled module = new Scheduled()) {
            LearningRateFinder.builder(trainer())
                    .minLr(1e-3)
                    .maxLr(1e-1)
                    .steps(3)
                    .build()
                    .find(module, data.regression(4, 2));

            assertThat(module.rates).hasSize(3);
            for (int i = 0; i < 3; i++) {
                assertThat(module.rates.get(i).get(1)).isCloseTo(Math.pow(10, i - 3), within(1e-12));
                assertThat(module.rates.get(i).get(0)).isCloseTo(Math.pow(10, i - 4), within(1e-12));
            }
        }
    }

    @Test
    void theTrainersCallbacksAndFiles_areLeftAlone(@TempDir Path folder) throws IOException {
        List<String> called = new ArrayList<>();
        Trainer trainer = Trainer.builder()
                .threads(1)
                .seed(1)
                .defaultRootDir(folder)
                .maxEpochs(1)
                .callbacks(new Callback() {
                    @Override
                    public void onTrainStart(Run run) {
                        called.add("onTrainStart");
                    }
                })
                .build();
        LightningDataModule module = new LightningDataModule() {
            @Override
            public Iterable<Batch> trainDataLoader() {
                return data.regression(20, 2);
            }

            @Override
            public Iterable<Batch> valDataLoader() {
                return () -> {
                    throw new AssertionError("a trial does not validate");
                };
            }
        };

        try (BoringModule boring = new BoringModule()) {
            LearningRateCurve curve = new Tuner(trainer).lrFind(boring, module);
            Path file = folder.resolve("curves/lr.csv");
            curve.writeCsv(file);

            assertThat(called).isEmpty();
            assertThat(Files.list(folder)).containsExactly(file.getParent());
            assertThat(Files.readAllLines(file))
                    .hasSize(101)
                    .startsWith("lr,loss,raw_loss")
                    .element(1)
                    .asString()
                    .startsWith("1.0E-8,");
        }
    }

    /** A module that optimizes by itself. */
    private static final class ByItself extends BoringModule {
        @Override
        public boolean automaticOptimization() {
            return false;
        }
    }

    @Test
    void whatCannotBeFound_isRefused() {
        try (LightningModule module = new ByItself()) {
            assertThatThrownBy(() -> new Tuner(trainer()).lrFind(module, data.regression(4, 2)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("ByItself optimizes by itself");
        }
        LearningRateFinder.Builder builder = LearningRateFinder.builder(trainer());
        assertThatThrownBy(() -> builder.steps(1)).hasMessage("steps is 1, but it must be 2 or more.");
        assertThatThrownBy(() -> builder.earlyStopThreshold(1))
                .hasMessage("earlyStopThreshold is 1.0, but it must be above 1; Infinity switches it off.");
        assertThatThrownBy(() -> builder.minLr(2).build())
                .hasMessage("minLr is 2.0, but it must be below maxLr, which is 1.0.");
    }
}
