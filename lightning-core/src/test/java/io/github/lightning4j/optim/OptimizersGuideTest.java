package io.github.lightning4j.optim;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.ParameterList;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import ai.djl.training.tracker.Tracker;
import io.github.lightning4j.Every;
import io.github.lightning4j.GradientClipAlgorithm;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.GuideBlocks;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.scheduler.OneCycleLR;
import io.github.lightning4j.optim.scheduler.ReduceLROnPlateau;
import io.github.lightning4j.optim.scheduler.Schedules;
import io.github.lightning4j.optim.scheduler.StepLR;
import io.github.lightning4j.optim.scheduler.TrackerLR;
import io.github.lightning4j.trainer.FitResult;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs the Java blocks of docs/optimizers.md, which are parts of this class. */
class OptimizersGuideTest {
    private final TestData data = TestData.open();

    @AfterEach
    void close() {
        data.close();
    }

    @Test
    void blocksOfTheGuide_arePartsOfThisClass() throws IOException {
        GuideBlocks.assertArePartOf(getClass(), "optimizers.md");
    }

    @Test
    void oneOptimizer_trains() {
        assertTrains(new Guided() {
            @Override
            public OptimizerConfig configureOptimizers() {
                return AdamW.builder(parameters())
                        .lr(1e-3)
                        .weightDecay(0.1)
                        .decayWeightsOnly()
                        .build();
            }
        });
    }

    @Test
    void lbfgs_trains() {
        assertTrains(new Guided() {
            @Override
            public OptimizerConfig configureOptimizers() {
                return LBFGS.builder(parameters())
                        .lineSearch(LineSearch.STRONG_WOLFE)
                        .build();
            }
        });
    }

    @Test
    void lbfgsByHand_trains() {
        assertTrains(new Guided() {
            private final Block layer = addChildBlock(
                    "layer", Linear.builder().setUnits(TestData.TARGETS).build(), new Shape(8, TestData.FEATURES));

            @Override
            public boolean automaticOptimization() {
                return false;
            }

            @Override
            public NDArray trainingStep(Batch batch, int batchIndex) {
                Optimizer lbfgs = optimizers().get(0);
                double loss = lbfgs.step(() -> {
                    lbfgs.zeroGrad();
                    NDArray value = Losses.mse(
                            call(layer, batch.getData()).head(),
                            batch.getLabels().head());
                    manualBackward(value);
                    return value.getFloat();
                });
                log("loss", loss);
                return super.trainingStep(batch, batchIndex);
            }

            @Override
            public void validationStep(Batch batch, int batchIndex) {
                log("val_loss", super.trainingStep(batch, batchIndex));
            }

            @Override
            public OptimizerConfig configureOptimizers() {
                return LBFGS.builder(layer.getParameters()).build();
            }
        });
    }

    @Test
    void groups_train() {
        assertTrains(new Guided() {
            @Override
            public OptimizerConfig configureOptimizers() {
                return SGD.builder(backbone.getParameters())
                        .lr(0.001)
                        .momentum(0.9)
                        .group("head", head.getParameters())
                        .lr(0.01)
                        .build();
            }
        });
    }

    @Test
    void aGroupAddedLater_trains() {
        assertTrains(new Guided() {
            @Override
            public OptimizerConfig configureOptimizers() {
                return Adam.builder(head.getParameters()).lr(0.001).build();
            }

            @Override
            public void onTrainEpochStart() {
                if (run().epoch() == 1) {
                    Optimizer adam = optimizers().get(0);
                    adam.addParamGroup("backbone", backbone.getParameters(), Map.of("lr", 1e-5));
                }
            }
        });
    }

    @Test
    void schedules_train() {
        assertTrains(configured(parameters -> {
            SGD sgd = SGD.builder(parameters).lr(0.1).build();
            return sgd.withScheduler(new StepLR(sgd, 10), Every.epochs(1));
        }));
        assertTrains(configured(parameters -> {
            SGD sgd = SGD.builder(parameters).lr(0.1).build();
            return sgd.withScheduler(new ReduceLROnPlateau(sgd)).monitor("val_loss");
        }));
        assertTrains(configured(parameters -> {
            Adam adam = Adam.builder(parameters).lr(0.001).build();
            return adam.withScheduler(Schedules.warmupCosine(adam, 500, 10_000), Every.steps(1));
        }));
        assertTrains(configured(parameters -> {
            Adam adam = Adam.builder(parameters).build();
            return adam.withScheduler(
                    OneCycleLR.builder(adam, 2000, 0.01).pctStart(0.2).build(), Every.steps(1));
        }));
    }

    @Test
    void aScheduleOverTheStepsOfTheFit_trains() {
        assertTrains(new Guided() {
            @Override
            public OptimizerConfig configureOptimizers() {
                Adam adam = Adam.builder(parameters()).lr(0.001).build();
                return adam.withScheduler(
                        Schedules.warmupCosine(adam, estimatedSteps() / 10, estimatedSteps()), Every.steps(1));
            }
        });
    }

    @Test
    void djlOptimizersAndTrackers_train() {
        assertTrains(configured(parameters -> {
            Tracker tracker = Tracker.cosine()
                    .setBaseValue(0.01f)
                    .optFinalValue(0.0001f)
                    .setMaxUpdates(1000)
                    .build();
            var djlAdam = ai.djl.training.optimizer.Optimizer.adam()
                    .optLearningRateTracker(tracker)
                    .build();
            return DjlOptimizer.of(djlAdam, parameters);
        }));
        assertTrains(configured(parameters -> {
            Tracker tracker =
                    Tracker.factor().setBaseValue(0.01f).setFactor(0.99f).build();
            Adam adam = Adam.builder(parameters).build();
            return adam.withScheduler(new TrackerLR(adam, tracker), Every.steps(1));
        }));
    }

    @Test
    void overriddenClipping_logsTheNorm() {
        FitResult result = assertTrains(new Guided() {
            @Override
            public void configureGradientClipping(
                    Optimizer optimizer, double clipValue, GradientClipAlgorithm algorithm) {
                log("grad_norm", optimizer.gradients().clipNorm(1.0, Double.POSITIVE_INFINITY, true));
            }
        });
        assertThat(result.metrics()).containsKey("grad_norm");
    }

    private FitResult assertTrains(Guided module) {
        try (module) {
            DataLoader train = data.regression(32, 8);
            DataLoader val = data.regression(8, 8);
            FitResult result = Trainers.quiet().maxEpochs(3).build().fit(module, train, val);
            assertThat(result.globalStep()).isEqualTo(12);
            return result;
        }
    }

    private static Guided configured(Function<ParameterList, OptimizerConfig> configure) {
        return new Guided() {
            @Override
            public OptimizerConfig configureOptimizers() {
                return configure.apply(parameters());
            }
        };
    }

    private static class Guided extends LightningModule {
        final Block backbone =
                addChildBlock("backbone", Linear.builder().setUnits(3).build(), new Shape(8, TestData.FEATURES));
        final Block head = addChildBlock(
                "head", Linear.builder().setUnits(TestData.TARGETS).build(), new Shape(8, 3));

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray hidden = call(backbone, batch.getData()).head().tanh();
            return Losses.mse(call(head, hidden), batch.getLabels().head());
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            log("val_loss", trainingStep(batch, batchIndex));
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return Adam.builder(parameters()).build();
        }
    }
}
