package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BackwardGraph;
import io.github.lightning4j.Batches;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Every;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LrScheduler;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.optim.scheduler.StepLR;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hooks by which a module does a part of the loop's work in another way. */
class ModuleHooksTest {
    private final TestData data = TestData.open();

    @TempDir
    Path folder;

    @AfterEach
    void free() {
        data.close();
    }

    @Test
    void anOptimizerStepThatIsLeftOut_countsForNothing() {
        WeightModule module = new WeightModule() {
            private int calls;

            @Override
            public void optimizerStep(Optimizer optimizer) {
                if (++calls % 2 == 0) {
                    optimizer.step();
                }
            }
        };
        try (module) {
            FitResult result = fit(module);

            assertThat(result.globalStep()).isEqualTo(2);
            assertThat(module.value()).isEqualTo(-2);
        }
    }

    @Test
    void optimizerStep_mayWarmTheLearningRateUp() {
        WeightModule module = new WeightModule() {
            @Override
            public void optimizerStep(Optimizer optimizer) {
                optimizer.paramGroups().get(0).setLr(Math.min(1, (run().globalStep() + 1) / 4.0));
                optimizer.step();
            }
        };
        try (module) {
            fit(module);

            assertThat(module.value()).isEqualTo(-(0.25 + 0.5 + 0.75 + 1));
        }
    }

    @Test
    void backward_mayBeDoneTwice() {
        WeightModule module = new WeightModule() {
            @Override
            public void backward(NDArray loss, BackwardGraph graph) {
                BackwardGraph.RETAIN.backward(loss);
                super.backward(loss, graph);
            }
        };
        try (module) {
            fit(module);

            assertThat(module.value()).isEqualTo(-8);
        }
    }

    @Test
    void gradientsThatAreNotZeroed_addUp() {
        WeightModule module = new WeightModule() {
            @Override
            public void optimizerZeroGrad(Optimizer optimizer) {}
        };
        try (module) {
            fit(module);

            assertThat(module.value()).isEqualTo(-(1 + 2 + 3 + 4));
        }
    }

    @Test
    void lrSchedulerStep_mayLeaveStepsOut() {
        List<@Nullable Double> seen = new ArrayList<>();
        WeightModule module = new WeightModule() {
            @Override
            public OptimizerConfig configureOptimizers() {
                SGD sgd = SGD.builder(parameters()).lr(1).build();
                return sgd.withScheduler(new StepLR(sgd, 1), Every.steps(1));
            }

            @Override
            public void lrSchedulerStep(LrScheduler scheduler, @Nullable Double metric) {
                seen.add(metric);
                if (run().globalStep() > 2) {
                    super.lrSchedulerStep(scheduler, metric);
                }
            }
        };
        try (module) {
            fit(module);

            assertThat(seen).containsExactly(null, null, null, null);
            assertThat(module.value()).isCloseTo(-3.1, org.assertj.core.data.Offset.offset(1e-6));
        }
    }

    @Test
    void aModuleWithLoadersOfItsOwn_isFittedValidatedTestedAndPredicted() {
        Self module = new Self();
        try (module) {
            Trainer trainer = Trainers.quiet().maxEpochs(1).build();

            assertThat(trainer.fit(module).metrics()).containsKeys("train_loss", "val_loss");
            assertThat(trainer.validate(module)).containsKey("val_loss");
            assertThat(trainer.test(module)).containsKeys("test_loss/dataloader_idx_0", "test_loss/dataloader_idx_1");
            try (PredictResult predictions = trainer.predict(module)) {
                assertThat(predictions.batches()).hasSize(3);
            }
        }
    }

    /** Knows its data. */
    private final class Self extends BoringModule {
        @Override
        public Iterable<Batch> trainDataLoader() {
            return data.regression(8, 4);
        }

        @Override
        public Iterable<Batch> valDataLoader() {
            return data.regression(4, 4);
        }

        @Override
        public List<Iterable<Batch>> testDataLoaders() {
            return List.of(data.regression(4, 4), data.regression(4, 2));
        }

        @Override
        public Iterable<Batch> predictDataLoader() {
            return data.regression(12, 4);
        }
    }

    @Test
    void aModuleWithoutLoaders_isRefused() {
        try (WeightModule module = new WeightModule()) {
            Trainer trainer = Trainers.quiet().build();

            assertThatThrownBy(() -> trainer.fit(module))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("WeightModule.trainDataLoader returned none")
                    .hasMessageContaining("pass a DataLoader");
            assertThatThrownBy(() -> trainer.validate(module))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("pass at least one DataLoader");
        }
    }

    @Test
    void aModuleThatIsOnlyEvaluated_needsNoTraining() {
        LightningModule module = new LightningModule(new BoringModule().layer) {
            @Override
            public void testStep(Batch batch, int batchIndex) {
                log("size", forward(batch.getData()).head().size());
            }
        };
        try (module) {
            Trainer trainer = Trainers.quiet().build();

            assertThat(trainer.test(module, data.regression(4, 4))).containsEntry("size", 8.0);
            assertThatThrownBy(() -> trainer.fit(module, data.regression(4, 4)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("does not override trainingStep")
                    .hasMessageContaining("call validate, test or predict");
        }
    }

    @Test
    void inputAndLabel_areTheOnlyArraysOfTheirKind() {
        BoringModule module = new BoringModule() {
            @Override
            public NDArray trainingStep(Batch batch, int batchIndex) {
                assertThat(input(batch)).isSameAs(batch.getData().head());
                return call(layer, input(batch)).sub(label(batch)).square().mean();
            }
        };
        try (module) {
            fit(module, data.regression(4, 4));
        }
    }

    @Test
    void aLabelThatIsNotThere_isRefused() {
        WeightModule module = new WeightModule() {
            @Override
            public NDArray trainingStep(Batch batch, int batchIndex) {
                return label(batch);
            }
        };
        try (module) {
            assertThatThrownBy(() -> fit(module))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("The batch has 0 arrays of labels");
        }
    }

    @Test
    void aBatchMadeOfAnother_isWhatTheStepsGet() {
        List<String> order = new ArrayList<>();
        WeightModule module = new WeightModule() {
            @Override
            public Batch onBeforeBatchTransfer(Batch batch, int loaderIndex) {
                order.add("before");
                return Batches.of(batch, new NDList(input(batch).mul(2)), batch.getLabels());
            }

            @Override
            public Batch onAfterBatchTransfer(Batch batch, int loaderIndex) {
                order.add("after");
                NDManager own = batch.getManager().newSubManager();
                return new Batch(
                        own,
                        new NDList(own.create(input(batch).toFloatArray()).add(1)),
                        new NDList(),
                        1,
                        null,
                        null,
                        0,
                        0);
            }
        };
        try (module) {
            fit(module, data.ones(2, 1));

            assertThat(module.value()).isEqualTo(-2 * 3);
            assertThat(order).containsExactly("before", "after", "before", "after");
        }
    }

    @Test
    void aTransferThatGivesNothing_isRefused() {
        WeightModule module = new WeightModule() {
            @Override
            @SuppressWarnings("NullAway")
            public Batch onAfterBatchTransfer(Batch batch, int loaderIndex) {
                return null;
            }
        };
        try (module) {
            assertThatThrownBy(() -> fit(module))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("onAfterBatchTransfer of ")
                    .hasMessageContaining("returned null");
        }
    }

    @Test
    void theRestOfAnEpoch_maybeSkippedFromABatchOn_orAfterIt() {
        List<Integer> trained = new ArrayList<>();
        List<Boolean> last = new ArrayList<>();
        WeightModule module = new WeightModule() {
            @Override
            public void onTrainBatchStart(Batch batch, int batchIndex) {
                if (run().epoch() == 0 && batchIndex == 2) {
                    run().skipRestOfEpoch();
                }
            }

            @Override
            public NDArray trainingStep(Batch batch, int batchIndex) {
                trained.add(batchIndex);
                last.add(run().isLastBatch());
                if (run().epoch() == 1 && batchIndex == 2) {
                    run().skipRestOfEpoch();
                }
                return super.trainingStep(batch, batchIndex);
            }

            @Override
            public void validationStep(Batch batch, int batchIndex) {
                log("after", run().globalStep());
            }
        };
        try (module) {
            FitResult result = Trainers.quiet()
                    .maxEpochs(3)
                    .numSanityValSteps(0)
                    .build()
                    .fit(module, data.ones(4, 1), data.ones(1, 1));

            assertThat(trained).containsExactly(0, 1, 0, 1, 2, 0, 1, 2, 3);
            assertThat(last).containsExactly(false, false, false, false, false, false, false, false, true);
            assertThat(result.history()).extracting(row -> row.get("after")).containsExactly(2.0, 5.0, 9.0);
        }
    }

    @Test
    void aRunSavedWhereTheRestWasSkipped_goesOnWithTheNextEpoch() {
        long[] steps = new long[2];
        for (int i = 0; i < 2; i++) {
            Path directory = folder.resolve("run" + i);
            steps[i] = skipping(directory, i == 1).globalStep();
        }

        assertThat(steps).containsExactly(4, 4);
    }

    private FitResult skipping(Path directory, boolean interrupted) {
        FitResult result = skipping(directory, interrupted ? 1 : Integer.MAX_VALUE);
        return interrupted ? skipping(directory, Integer.MAX_VALUE) : result;
    }

    private FitResult skipping(Path directory, int interruptAt) {
        WeightModule module = new WeightModule() {
            @Override
            public void onTrainBatchEnd(@Nullable NDArray loss, Batch batch, int batchIndex) {
                if (batchIndex == 1) {
                    run().skipRestOfEpoch();
                }
                if (batchIndex == interruptAt) {
                    run().interrupt("for the test");
                }
            }
        };
        try (module) {
            return Trainers.quiet()
                    .maxEpochs(2)
                    .runDirectory(directory)
                    .autoResume(true)
                    .build()
                    .fit(module, data.ones(4, 1));
        }
    }

    private FitResult fit(WeightModule module) {
        return fit(module, data.ones(4, 1));
    }

    private static FitResult fit(LightningModule module, Iterable<Batch> batches) {
        return Trainers.quiet().maxEpochs(1).build().fit(module, batches);
    }
}
