package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Every;
import io.github.lightning4j.GradientClipAlgorithm;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.ToggledOptimizer;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.optim.scheduler.ReduceLROnPlateau;
import io.github.lightning4j.optim.scheduler.StepLR;
import io.github.lightning4j.testing.MemoryLogger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Modules that run backward and their optimizers themselves. */
class ManualOptimizationTest {
    private final TestData data = TestData.open();

    @AfterEach
    void free() {
        data.close();
    }

    @Test
    void twoAdversaries_stepTwiceABatchAndCountOnce() {
        try (Adversaries module = new Adversaries()) {
            MemoryLogger logger = new MemoryLogger();

            FitResult result = Trainers.quiet()
                    .maxEpochs(2)
                    .loggers(logger)
                    .logEveryNSteps(1)
                    .build()
                    .fit(module, data.regression(20, 4));

            assertThat(result.globalStep()).isEqualTo(10);
            assertThat(module.steps).isEqualTo(20);
            assertThat(logger.steps("judge_loss")).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
            assertThat(logger.with("forger_loss")).hasSize(10);
        }
    }

    @Test
    void aSchedulerByHand_stepsWhenTheModuleSays_andIsSaved(@TempDir Path folder) {
        for (int epochs = 1; epochs <= 2; epochs++) {
            try (HandScheduled module = new HandScheduled()) {
                Trainers.quiet()
                        .maxEpochs(epochs)
                        .enableCheckpointing(true)
                        .runDirectory(folder)
                        .autoResume(true)
                        .build()
                        .fit(module, data.ones(4, 1));

                assertThat(module.lr).isCloseTo(Math.pow(0.5, 2 * epochs), Offset.offset(1e-12));
            }
        }
    }

    /** Steps its scheduler after every second batch. */
    private static class HandScheduled extends WeightModule {
        double lr;

        @Override
        public boolean automaticOptimization() {
            return false;
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            SGD sgd = SGD.builder(parameters()).lr(1).build();
            return sgd.withScheduler(new StepLR(sgd, 1, 0.5), Every.never());
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            Optimizer optimizer = optimizers().get(0);
            optimizer.zeroGrad();
            manualBackward(loss(batch));
            optimizer.step();
            if (batchIndex % 2 == 1) {
                lrSchedulers().get(0).step();
            }
            lr = optimizer.paramGroups().get(0).lr();
            return null;
        }
    }

    @Test
    void aSchedulerThatFollowsAMetric_doesSo() {
        List<Double> rates = new ArrayList<>();
        WeightModule module = new HandScheduled() {
            @Override
            public OptimizerConfig configureOptimizers() {
                SGD sgd = SGD.builder(parameters()).lr(1).build();
                return sgd.withScheduler(ReduceLROnPlateau.builder(sgd)
                                .patience(0)
                                .factor(0.5)
                                .build())
                        .monitor("val_loss");
            }

            @Override
            public void validationStep(Batch batch, int batchIndex) {
                log("val_loss", 1);
            }

            @Override
            public void onTrainEpochStart() {
                rates.add(optimizers().get(0).paramGroups().get(0).lr());
            }
        };
        try (module) {
            Trainers.quiet().maxEpochs(4).build().fit(module, data.ones(1, 1), data.ones(1, 1));
        }
        assertThat(rates).containsExactly(1.0, 1.0, 0.5, 0.25);
    }

    @Test
    void checkpointsByTimeAndBySteps_areSaved(@TempDir Path folder) {
        for (ModelCheckpoint.Builder trigger : List.of(
                ModelCheckpoint.builder().every(Duration.ofNanos(1)),
                ModelCheckpoint.builder().everyNTrainSteps(1))) {
            ModelCheckpoint saving = trigger.saveTopK(-1).build();
            try (Manual module = new Manual()) {
                Trainers.quiet()
                        .defaultRootDir(folder)
                        .enableCheckpointing(true)
                        .callbacks(saving)
                        .build()
                        .fit(module, data.ones(3, 1));
            }
            assertThat(saving.keptModels()).hasSize(3);
        }
    }

    @Test
    void aSchedulerByHand_isRefusedWhereTheLoopOptimizes() {
        WeightModule module = new WeightModule() {
            @Override
            public OptimizerConfig configureOptimizers() {
                SGD sgd = SGD.builder(parameters()).lr(1).build();
                return sgd.withScheduler(new StepLR(sgd, 1), Every.never());
            }
        };
        try (module) {
            assertThatThrownBy(() -> Trainers.quiet().maxEpochs(1).build().fit(module, data.ones(4, 1)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("Scheduler StepLR is to step never")
                    .hasMessageContaining("automaticOptimization()");
        }
    }

    @Test
    void aToggledOptimizer_keepsBackwardFromTheParametersOfTheOthers() {
        List<Boolean> withGradient = new ArrayList<>();
        Adversaries module = new Adversaries() {
            @Override
            public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
                List<Optimizer> all = optimizers();
                try (ToggledOptimizer toggled = toggleOptimizer(all.get(0))) {
                    all.forEach(each -> withGradient.add(trains(each)));
                }
                all.forEach(each -> withGradient.add(trains(each)));
                return super.trainingStep(batch, batchIndex);
            }

            private static boolean trains(Optimizer optimizer) {
                return optimizer.paramGroups().get(0).parameters().stream()
                        .allMatch(each -> each.getArray().hasGradient());
            }
        };
        try (module) {
            FitResult result = Trainers.quiet().maxEpochs(1).build().fit(module, data.regression(4, 4));

            assertThat(result.globalStep()).isEqualTo(1);
            assertThat(withGradient).containsExactly(true, false, true, true);
        }
    }

    @Test
    void backwardOfSeveralNumbers_isRefused() {
        ByHand module = new ByHand() {
            @Override
            void optimize(NDArray loss) {
                manualBackward(loss.broadcast(new Shape(3)));
            }
        };
        assertRefused(module, "manualBackward got an array of shape (3)", "mean()");
    }

    @Test
    void backwardTwiceThroughOneGraph_isRefused() {
        ByHand module = new ByHand() {
            @Override
            void optimize(NDArray loss) {
                manualBackward(loss);
                manualBackward(loss);
            }
        };
        assertRefused(module, "manualBackward got a loss of which a part has had its backward", "stopGradient()");
    }

    @Test
    void backwardOfALossFromBeforeTheStep_isRefusedWithTheRemedy() {
        ByHand module = new ByHand() {
            @Override
            void optimize(NDArray loss) {
                NDArray early = loss(loss.getManager().ones(new Shape(1, 1)));
                manualBackward(loss);
                optimizers().get(0).step();
                manualBackward(early);
            }
        };
        assertRefused(module, "modified by an inplace operation", "before the first step");
    }

    private void assertRefused(ByHand module, String... parts) {
        try (module) {
            assertThatThrownBy(() -> Trainers.quiet().build().fit(module, data.ones(1, 1)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll(parts);
        }
    }

    /** Two layers, so that backward through the second needs its weight. */
    private abstract static class ByHand extends LightningModule {
        private final Block net = addChildBlock(
                "net",
                new SequentialBlock()
                        .add(Linear.builder().setUnits(2).build())
                        .add(Linear.builder().setUnits(1).build()));

        abstract void optimize(NDArray loss);

        NDArray loss(NDArray input) {
            return call(net, input).square().mean();
        }

        @Override
        public boolean automaticOptimization() {
            return false;
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            optimize(loss(batch.getData().head()));
            return null;
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0.1).build();
        }
    }

    @Test
    void schedulers_followTheSharedCount() {
        try (Adversaries module = new Adversaries()) {
            module.schedule = true;

            Trainers.quiet().build().fit(module, data.regression(20, 4));

            // Five batches, a step of the scheduler every two: the rate of 0.1 is halved twice.
            assertThat(module.rates.get(4)).isEqualTo(0.025);
        }
    }

    @Test
    void aBatchWithoutAStep_countsForNothing() {
        try (Manual module = new Manual()) {
            module.stepOnEven = true;

            FitResult result = Trainers.quiet().build().fit(module, data.ones(5, 1));

            assertThat(result.globalStep()).isEqualTo(3);
            assertThat(module.value()).isEqualTo(-3);
        }
    }

    @Test
    void clipGradients_returnsTheNormBefore() {
        try (Manual module = new Manual()) {
            module.clip = true;

            Trainers.quiet().build().fit(module, data.numbers(1, 3, -4));

            assertThat(module.norms).containsExactly(3.0, 4.0);
            assertThat(module.value()).isEqualTo(-0.5 + 0.5);
        }
    }

    @Test
    void aGroupAddedOnTheWay_isTrainedAndClippedFromThenOn() {
        try (Unfreezing module = new Unfreezing()) {
            Trainers.quiet().maxEpochs(2).build().fit(module, data.numbers(1, 3, -4));

            assertThat(module.groups).containsExactly("pg1", "late");
            assertThat(module.value()).isEqualTo(2);
            assertThat(module.late()).isEqualTo(0.5);
            assertThat(module.norms.stream().map(Double::floatValue))
                    .containsExactly(3f, 4f, (float) Math.sqrt(18), (float) Math.sqrt(32));
        }
    }

    @Test
    void accumulationAndClippingByTheTrainer_areRefused() {
        try (Manual module = new Manual()) {
            for (Trainer.Builder trainer : List.of(
                    Trainers.quiet().accumulateGradBatches(2), Trainers.quiet().gradientClipVal(1))) {
                assertThatThrownBy(() -> trainer.build().fit(module, data.ones(1, 1)))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("optimizes by itself")
                        .hasMessageContaining("clipGradients");
            }
        }
    }

    @Test
    void manualBackwardUnderAutomaticOptimization_isRefused() {
        try (Manual module = new Manual()) {
            module.automatic = true;

            assertThatThrownBy(() -> Trainers.quiet().build().fit(module, data.ones(1, 1)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("manualBackward")
                    .hasMessageContaining("automaticOptimization()");
        }
    }

    @Test
    void twoOptimizersUnderAutomaticOptimization_areRefused() {
        try (Adversaries module = new Adversaries()) {
            module.automatic = true;

            assertThatThrownBy(() -> Trainers.quiet().build().fit(module, data.regression(4, 4)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("2 optimizers")
                    .hasMessageContaining("automaticOptimization()");
        }
    }

    /** A forger that makes samples from noise and a judge that tells them from real ones: two nets, two optimizers. */
    private static class Adversaries extends LightningModule {
        private final Block forger = addChildBlock(
                "forger", Linear.builder().setUnits(TestData.FEATURES).build(), new Shape(1, 3));
        private final Block judge =
                addChildBlock("judge", Linear.builder().setUnits(1).build(), new Shape(1, TestData.FEATURES));
        final List<Double> rates = new ArrayList<>();
        boolean automatic;
        boolean schedule;
        int steps;

        @Override
        public boolean automaticOptimization() {
            return automatic;
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray real = batch.getData().head();
            NDArray noise = real.getManager().randomNormal(new Shape(real.size(0), 3));
            NDArray ones = real.getManager().ones(new Shape(real.size(0), 1));
            NDArray forged = call(forger, noise);

            Optimizer ofForger = optimizers().get(0);
            NDArray forgerLoss = Losses.bceWithLogits(call(judge, forged), ones);
            ofForger.zeroGrad();
            manualBackward(forgerLoss);
            step(ofForger);

            Optimizer ofJudge = optimizers().get(1);
            NDArray judgeLoss = Losses.bceWithLogits(call(judge, real), ones)
                    .add(Losses.bceWithLogits(call(judge, forged.stopGradient()), ones.zerosLike()));
            ofJudge.zeroGrad();
            manualBackward(judgeLoss);
            step(ofJudge);

            log("forger_loss", forgerLoss);
            log("judge_loss", judgeLoss, LogOptions.progressBar());
            return null;
        }

        private void step(Optimizer optimizer) {
            optimizer.step();
            steps++;
        }

        @Override
        public void onTrainBatchEnd(@Nullable NDArray loss, Batch batch, int batchIndex) {
            rates.add(optimizers().get(1).paramGroups().get(0).lr());
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            SGD ofForger = SGD.builder(forger.getParameters()).lr(0.1).build();
            SGD ofJudge = SGD.builder(judge.getParameters()).lr(0.1).build();
            return schedule
                    ? OptimizerConfig.of(ofForger, ofJudge.withScheduler(new StepLR(ofJudge, 1, 0.5), Every.steps(2)))
                    : OptimizerConfig.of(ofForger, ofJudge);
        }
    }

    /** A second weight, which no optimizer has until the second epoch gives it one at half the rate. */
    private static final class Unfreezing extends WeightModule {
        private final Parameter second = addParameter(Parameter.builder()
                .setName("second")
                .setType(Parameter.Type.WEIGHT)
                .optShape(new Shape(1))
                .optInitializer(Initializer.ZEROS)
                .build());
        final List<Double> norms = new ArrayList<>();
        List<String> groups = List.of();

        @Override
        public boolean automaticOptimization() {
            return false;
        }

        @Override
        public void onTrainEpochStart() {
            if (run().epoch() == 1) {
                optimizers().get(0).addParamGroup("late", only("second"), Map.of("lr", 0.5));
            }
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            Optimizer optimizer = optimizers().get(0);
            optimizer.zeroGrad();
            manualBackward(loss(batch)
                    .add(batch.getData().head().mul(second.getArray()).mean()));
            norms.add(clipGradients(optimizer, 100, GradientClipAlgorithm.VALUE));
            optimizer.step();
            groups = optimizer.paramGroups().stream().map(ParamGroup::name).toList();
            return null;
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(only("w")).lr(1).build();
        }

        private PairList<String, Parameter> only(String name) {
            PairList<String, Parameter> found = new PairList<>();
            parameters().forEach(pair -> {
                if (pair.getKey().equals(name)) {
                    found.add(pair);
                }
            });
            return found;
        }

        double late() {
            return second.getArray().getFloat();
        }
    }

    /** One weight, stepped by hand. */
    private static final class Manual extends WeightModule {
        final List<Double> norms = new ArrayList<>();
        boolean automatic;
        boolean stepOnEven;
        boolean clip;

        @Override
        public boolean automaticOptimization() {
            return automatic;
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            Optimizer optimizer = optimizers().get(0);
            optimizer.zeroGrad();
            manualBackward(loss(batch));
            if (clip) {
                norms.add(clipGradients(optimizer, 0.5, GradientClipAlgorithm.VALUE));
            }
            if (!stepOnEven || batchIndex % 2 == 0) {
                optimizer.step();
            }
            return null;
        }
    }
}
