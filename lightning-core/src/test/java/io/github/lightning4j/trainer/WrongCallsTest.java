package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Every;
import io.github.lightning4j.LightningDataModule;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Limit;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Run;
import io.github.lightning4j.callback.EarlyStopping;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.NoisyModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.internal.torch.TorchRuntime;
import io.github.lightning4j.logger.CsvLogger;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.MeanMetric;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.optim.scheduler.ReduceLROnPlateau;
import io.github.lightning4j.optim.scheduler.StepLR;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every wrong call is one exception that names the value and what to change. */
class WrongCallsTest {
    private final TestData data = TestData.open();
    private final BoringModule module = new BoringModule();

    @AfterEach
    void free() {
        module.close();
        data.close();
    }

    // ---- the module

    @Test
    void noOptimizer() {
        LightningModule none = new BoringModule() {
            @Override
            @SuppressWarnings("NullAway")
            public OptimizerConfig configureOptimizers() {
                return null;
            }
        };

        refused(() -> fit(none), "returned no optimizer", "Adam.builder(parameters())");
    }

    @Test
    void optimizersOfNothing() {
        refused(() -> OptimizerConfig.of(), "no optimizer");
    }

    @Test
    void anOptimizerWithoutParameters() {
        LightningModule frozen = new BoringModule() {
            @Override
            public OptimizerConfig configureOptimizers() {
                freeze();
                return Adam.builder(parameters()).build();
            }
        };

        refused(() -> fit(frozen), "Adam", "all 2 parameters", "are frozen", "unfreeze(layer)");
        refused(() -> Adam.builder(new BoringModule().buffers()), "has no parameters", "without those that are frozen");
    }

    @Test
    void aVectorAsLoss() {
        refused(
                () -> fit(new Loss(batch -> batch.getData().head().mul(2))),
                "returned an array of shape (4, 4)",
                "mean()");
    }

    @Test
    void aLossWithoutGradient() {
        refused(
                () -> fit(new Loss(batch -> batch.getData().head().mean())),
                "without a gradient",
                "not frozen",
                "stopGradient");
    }

    @Test
    void aLossCutFromItsGradient() {
        BoringModule cut = new BoringModule() {
            @Override
            public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
                return loss(batch).toType(DataType.FLOAT64, true);
            }
        };

        refused(() -> fit(cut), "without a gradient", "toType");
    }

    @Test
    void callOutsideTheLoop() {
        Outside outside = new Outside();

        refused(outside::callLayer, "trainer.predict(module, data)", "newPredictor");
        refused(() -> outside.forward(new NDList()), "trainer.predict(module, data)");
        refused(outside::keepArray, "keep was called outside a run");
        refused(outside::askRun, "run was called outside a run");
        refused(outside::askOptimizers, "optimizers was called outside a run");
        outside.close();
    }

    @Test
    void namesTakenAlready() {
        refused(
                () -> new BoringModule() {
                    {
                        metric("m", new MeanMetric());
                        metric("m", new MeanMetric());
                    }
                },
                "metric 'm' exists already");
        refused(
                () -> new BoringModule() {
                    {
                        buffer("b", data.manager().zeros(new Shape(1)));
                        buffer("b", data.manager().zeros(new Shape(1)));
                    }
                },
                "buffer 'b' exists already");
    }

    @Test
    void evaluationStepsThatAreNotThere() {
        LightningModule bare = new Loss(batch -> batch.getData().head().mean());

        refused(() -> trainer().validate(bare, data.regression(4, 4)), "does not override validationStep");
        refused(() -> trainer().test(bare, data.regression(4, 4)), "does not override testStep");
        refused(
                () -> Trainers.quiet()
                        .numSanityValSteps(1)
                        .build()
                        .fit(bare, data.regression(4, 4), data.regression(4, 4)),
                "Override it, or give no such data");
        refused(() -> trainer().predict(bare, data.regression(4, 4)), "override forward(NDList)");
    }

    @Test
    void hyperparametersThatCannotBeSaved() {
        record Config(Thread thread) {}

        refused(
                () -> new LightningModule(new Config(Thread.currentThread())) {
                    @Override
                    public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
                        return null;
                    }

                    @Override
                    public OptimizerConfig configureOptimizers() {
                        throw new UnsupportedOperationException();
                    }
                },
                "'thread'");
    }

    // ---- the data

    @Test
    void labelsOfTheWrongLength() {
        NoisyModule classifier = new NoisyModule() {
            @Override
            public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
                return Losses.crossEntropy(
                        call(net, batch.getData()).head(),
                        batch.getLabels().head().get("1:"));
            }
        };

        refused(
                () -> trainer().fit(classifier, DataLoader.of(data.classes(8), 4)),
                DataException.class,
                "logits of shape (4, 2)",
                "labels of shape (3)");
    }

    @Test
    void labelsOutOfRange() {
        for (long label : new long[] {2, -1}) {
            NDArray x = data.manager().ones(new Shape(3, TestData.FEATURES));
            NDArray y = data.manager().create(new long[] {0, 1, label});

            refused(
                    () -> trainer().fit(new NoisyModule(), DataLoader.of(TensorDataset.of(x, y), 3)),
                    DataException.class,
                    "label " + label,
                    "2 classes (0..1)");
        }
    }

    @Test
    void batchSizes() {
        refused(() -> data.regression(8, 0), "batchSize is 0", "must be 1 or more");
        refused(() -> data.regression(8, -3), "batchSize is -3", "must be 1 or more");
    }

    @Test
    void aLoaderWithoutBatches() {
        refused(
                () -> DataLoader.builder(data.regression(3))
                        .batchSize(4)
                        .dropLast(true)
                        .build(),
                DataException.class,
                "dropLast(true) leaves no batch");
        Iterable<Batch> empty = List.<Batch>of();
        refused(() -> trainer().fit(module, empty), DataException.class, "gave no batch");
        refused(() -> trainer().validate(module, empty), DataException.class, "gave no batch");
        refused(() -> trainer().predict(module, empty), DataException.class, "gave no batch");
    }

    @Test
    void noDataAtAll() {
        refused(
                () -> trainer().validate(module, List.<Iterable<Batch>>of().toArray(Iterable[]::new)),
                "no batches to validate");
        refused(() -> trainer().fit(module, new LightningDataModule() {}), "trainDataLoader", "Override it");
        refused(() -> trainer().test(module, new LightningDataModule() {}), "no batches to test");
        refused(() -> trainer().predict(module, new LightningDataModule() {}), "no batches to predict");
    }

    @Test
    void dataThatDoesNotFitTheModule() {
        NDArray x = data.manager().ones(new Shape(4, 5));
        NDArray y = data.manager().ones(new Shape(4, TestData.TARGETS));
        fit(module);

        refused(
                () -> trainer().fit(module, DataLoader.of(TensorDataset.of(x, y), 4)),
                io.github.lightning4j.LightningException.class,
                "forward failed in layer (Linear) for input (4, 5) float32");
    }

    @Test
    void dataOfAnotherType() {
        NDArray x = data.manager().ones(new Shape(4, TestData.FEATURES), DataType.UINT8);
        NDArray y = data.manager().ones(new Shape(4, TestData.TARGETS));

        refused(
                () -> trainer().fit(module, DataLoader.of(TensorDataset.of(x, y), 4)),
                io.github.lightning4j.LightningException.class,
                "forward failed in layer (Linear) for input (4, 4) uint8",
                "dtype");
    }

    // ---- dtypes that DJL would abort the JVM on

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"BFLOAT16", "INT16", "UINT16", "UINT32", "UINT64", "COMPLEX64", "STRING"})
    void typesThatCannotBeUsed(DataType type) {
        refused(() -> Trainer.builder().precision(type), type.toString(), "FLOAT32, FLOAT64 or FLOAT16");
        refused(
                () -> module.initialize(Device.cpu(), type, new Shape(1, TestData.FEATURES)),
                type.toString(),
                "FLOAT32, FLOAT64 or FLOAT16");
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"INT32", "INT64", "UINT8", "BOOLEAN"})
    void typesThatCannotBeTrained(DataType type) {
        refused(() -> Trainer.builder().precision(type), type.toString(), "FLOAT32, FLOAT64 or FLOAT16");
    }

    // ---- monitors

    @Test
    void monitorsThatDoNotExist() {
        for (Callback callback : List.of(
                EarlyStopping.builder("val_los").build(),
                ModelCheckpoint.builder()
                        .dirpath(folder.resolve("checkpoints"))
                        .monitor("val_los")
                        .build())) {
            refused(
                    () -> Trainers.quiet()
                            .defaultRootDir(folder)
                            .enableCheckpointing(callback instanceof ModelCheckpoint)
                            .callbacks(callback)
                            .build()
                            .fit(module, data.regression(4, 4), data.regression(4, 4)),
                    "val_los",
                    "val_loss");
        }
    }

    @Test
    void aSchedulersMonitorThatDoesNotExist() {
        BoringModule scheduled = new BoringModule() {
            @Override
            public OptimizerConfig configureOptimizers() {
                SGD sgd = SGD.builder(parameters()).lr(0.1).build();
                return sgd.withScheduler(ReduceLROnPlateau.builder(sgd).build()).monitor("val_los");
            }
        };

        refused(() -> fit(scheduled), "ReduceLROnPlateau monitors 'val_los'", "train_loss", "strict(false)");
    }

    @Test
    void aPlateauSchedulerWithoutMonitor() {
        BoringModule scheduled = new BoringModule() {
            @Override
            public OptimizerConfig configureOptimizers() {
                SGD sgd = SGD.builder(parameters()).lr(0.1).build();
                return sgd.withScheduler(ReduceLROnPlateau.builder(sgd).build());
            }
        };

        refused(() -> fit(scheduled), "ReduceLROnPlateau", "monitor");
    }

    @Test
    void aSchedulerOfAnotherOptimizer() {
        BoringModule scheduled = new BoringModule() {
            @Override
            public OptimizerConfig configureOptimizers() {
                SGD other = SGD.builder(parameters()).lr(0.1).build();
                return SGD.builder(parameters()).build().withScheduler(new StepLR(other, 1));
            }
        };

        refused(() -> fit(scheduled), "StepLR", "not part of this configuration");
    }

    @Test
    void aSchedulerGivenTwice() {
        SGD sgd = SGD.builder(module.parameters()).lr(0.1).build();
        StepLR halving = new StepLR(sgd, 1);

        refused(() -> sgd.withScheduler(halving).withScheduler(halving), "The same StepLR", "once");
    }

    // ---- the Trainer

    @TempDir
    Path folder;

    @Test
    void optionsOutOfRange() {
        Map<String, ThrowingCallable> calls = Map.ofEntries(
                Map.entry("maxEpochs is -2", () -> builder().maxEpochs(-2)),
                Map.entry("minEpochs is -1", () -> builder().minEpochs(-1)),
                Map.entry("maxSteps is -2", () -> builder().maxSteps(-2)),
                Map.entry("minSteps is -1", () -> builder().minSteps(-1)),
                Map.entry("maxTime is PT0S", () -> builder().maxTime(Duration.ZERO)),
                Map.entry("numSanityValSteps is -2", () -> builder().numSanityValSteps(-2)),
                Map.entry("logEveryNSteps is -1", () -> builder().logEveryNSteps(-1)),
                Map.entry("accumulateGradBatches is 0", () -> builder().accumulateGradBatches(0)),
                Map.entry("gradientClipVal is -1.0", () -> builder().gradientClipVal(-1)),
                Map.entry("gradientClipVal is NaN", () -> builder().gradientClipVal(Double.NaN)),
                Map.entry("fastDevRun is -1", () -> builder().fastDevRun(-1)),
                Map.entry("threads is 0", () -> builder().threads(0)),
                Map.entry("device is -1", () -> builder().device(-1)),
                Map.entry("runName is 'a/b'", () -> builder().runName("a/b")),
                Map.entry("runName is '..'", () -> builder().runName("..")),
                Map.entry("Limit.batches is -1", () -> Limit.batches(-1)),
                Map.entry("Limit.fraction is 1.5", () -> Limit.fraction(1.5)),
                Map.entry("Every.steps is 0", () -> Every.steps(0)),
                Map.entry("Every.epochs is 0", () -> Every.epochs(0)),
                Map.entry("Every.epochFraction is 0.0", () -> Every.epochFraction(0)),
                Map.entry("Every.duration is PT-1S", () -> Every.duration(Duration.ofSeconds(-1))));

        calls.forEach((message, call) -> refused(call, message));
    }

    @Test
    void optionsThatContradictEachOther() {
        refused(() -> builder().minEpochs(3).maxEpochs(2).build(), "minEpochs(3) is above maxEpochs(2)");
        refused(() -> builder().minSteps(3).maxSteps(2).build(), "minSteps(3) is above maxSteps(2)");
        refused(() -> builder().autoResume(true).build(), "needs runDirectory(...)");
    }

    @Test
    void aGpuThatIsNotThere() {
        Assumptions.assumeTrue(TorchRuntime.gpuCount() == 0);

        refused(() -> builder().accelerator(Accelerator.GPU).build(), "0 GPUs", "accelerator(CPU)", "cu128");
    }

    @Test
    void aDeviceThatIsNotThere_isNotReplacedByAnother() {
        refused(() -> builder().device(99).build(), "accelerator(AUTO) with device(99)", "AUTO without a device");
        refused(
                () -> builder().accelerator(Accelerator.CPU).device(1).build(),
                "device is 1",
                "left out with accelerator(CPU)");
    }

    @Test
    void aRunDirectoryUsedAlready() {
        Trainer.Builder trainer = Trainers.quiet().runDirectory(folder.resolve("run"));
        trainer.build().fit(module, data.regression(4, 4));

        refused(
                () -> trainer.build().fit(module, data.regression(4, 4)),
                "already holds a run",
                "choose another directory");
    }

    @Test
    void twoLoggersOfOneFile() {
        refused(
                () -> Trainers.quiet().loggers(new CsvLogger(), new CsvLogger()),
                "CsvLogger and CsvLogger both write the file metrics.csv",
                "Leave one of them out");
    }

    @Test
    void aCallbackGivenTwice() {
        Callback stopping = EarlyStopping.builder("val_loss").build();
        BoringModule also = new BoringModule() {
            @Override
            public List<Callback> configureCallbacks() {
                return List.of(stopping);
            }
        };

        refused(
                () -> Trainers.quiet()
                        .callbacks(stopping, stopping)
                        .build()
                        .fit(module, data.regression(4, 4), data.regression(4, 4)),
                "The same EarlyStopping",
                "Leave it out once");
        refused(
                () -> Trainers.quiet().callbacks(stopping).build().validate(also, data.regression(4, 4)),
                "The same EarlyStopping");
    }

    @Test
    void aCheckpointThatCannotBeWritten() throws IOException {
        Files.createFile(folder.resolve("checkpoints"));

        refused(
                () -> Trainers.quiet()
                        .callbacks(ModelCheckpoint.builder()
                                .dirpath(folder.resolve("checkpoints"))
                                .build())
                        .build()
                        .fit(module, data.regression(4, 4)),
                io.github.lightning4j.LightningException.class,
                folder.resolve("checkpoints").toString());
    }

    @Test
    void aCheckpointSavedOutsideASavePoint() {
        Callback callback = new Callback() {
            @Override
            public void onTrainBatchStart(Run run, Batch batch, int batchIndex) {
                run.saveCheckpoint(folder.resolve("early.safetensors"), false);
            }
        };

        refused(
                () -> Trainers.quiet().callbacks(callback).build().fit(module, data.regression(4, 4)),
                IllegalStateException.class,
                "outside onSavePoint");
    }

    private static Trainer.Builder builder() {
        return Trainer.builder();
    }

    private static Trainer trainer() {
        return Trainers.quiet().build();
    }

    private void fit(LightningModule wrong) {
        trainer().fit(wrong, data.regression(8, 4));
    }

    private static void refused(ThrowingCallable call, String... parts) {
        refused(call, ConfigurationException.class, parts);
    }

    private static void refused(ThrowingCallable call, Class<? extends Exception> type, String... parts) {
        AbstractThrowableAssert<?, ?> failure = assertThatThrownBy(call).isInstanceOf(type);
        failure.hasMessageContainingAll(parts);
    }

    /** A module whose loss is what the test says. */
    private static final class Loss extends LightningModule {
        private final java.util.function.Function<Batch, NDArray> loss;

        Loss(java.util.function.Function<Batch, NDArray> loss) {
            this.loss = loss;
            addParameter(ai.djl.nn.Parameter.builder()
                    .setName("w")
                    .setType(ai.djl.nn.Parameter.Type.WEIGHT)
                    .optShape(new Shape(2, 2))
                    .build());
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            return loss.apply(batch);
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0.1).build();
        }
    }

    /** Calls what works in a run alone. */
    private static final class Outside extends BoringModule {
        void callLayer() {
            call(layer, new NDList());
        }

        void keepArray() {
            try (ai.djl.ndarray.NDManager manager = ai.djl.ndarray.NDManager.newBaseManager()) {
                keep(manager.ones(new Shape(1)));
            }
        }

        void askRun() {
            run();
        }

        void askOptimizers() {
            optimizers();
        }
    }
}
