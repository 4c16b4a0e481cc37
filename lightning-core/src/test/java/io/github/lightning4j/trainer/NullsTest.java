package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.translate.Batchifier;
import ai.djl.util.Progress;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningDataModule;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Metric;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.callback.EarlyStopping;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.loss.BceOptions;
import io.github.lightning4j.loss.CrossEntropyOptions;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.optim.scheduler.CyclicLR;
import io.github.lightning4j.optim.scheduler.OneCycleLR;
import io.github.lightning4j.optim.scheduler.ReduceLROnPlateau;
import io.github.lightning4j.testing.CallbackKit;
import io.github.lightning4j.testing.ResumeCheck;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A null that a user returns or hands over is one sentence that says which, never a bare NullPointerException. */
@SuppressWarnings("NullAway")
class NullsTest {
    private final TestData data = TestData.open();

    @AfterEach
    void free() {
        data.close();
    }

    // ---- handed over

    @TestFactory
    Stream<DynamicTest> whatAStepHandsOver() {
        return Step.CALLS.entrySet().stream()
                .map(call ->
                        dynamicTest(call.getKey(), () -> saysSo(() -> fit(new Step(call.getValue())), call.getKey())));
    }

    @Test
    void aLossForManualBackward() {
        LightningModule manual = new Step(Step.BACKWARD_OF_NULL) {
            @Override
            public boolean automaticOptimization() {
                return false;
            }
        };

        saysSo(() -> fit(manual), "the loss that manualBackward was given is null");
    }

    @TestFactory
    Stream<DynamicTest> everyOptionOfABuilder() {
        SGD sgd = SGD.builder(new BoringModule().layer.getParameters()).build();
        List<Object> builders = List.of(
                Trainer.builder(),
                DataLoader.builder(data.regression(4)),
                ModelCheckpoint.builder(),
                EarlyStopping.builder("a"),
                ReduceLROnPlateau.builder(sgd),
                CyclicLR.builder(sgd, 0.1, 0.2),
                OneCycleLR.builder(sgd, 10, 0.1),
                CrossEntropyOptions.builder(),
                BceOptions.builder(),
                CallbackKit.builder(() -> new Callback() {}),
                ResumeCheck.builder(BoringModule::new, List.of()));
        return builders.stream()
                .flatMap(builder -> setters(builder)
                        .map(setter -> dynamicTest(
                                builder.getClass().getEnclosingClass().getSimpleName() + "." + setter.getName(),
                                () -> saysSo(() -> giveNull(builder, setter), " is null"))));
    }

    private static Stream<Method> setters(Object builder) {
        return Arrays.stream(builder.getClass().getMethods())
                .filter(method -> method.getReturnType() == builder.getClass())
                .filter(method -> method.getParameterCount() > 0 && !method.getParameterTypes()[0].isPrimitive());
    }

    private static void giveNull(Object builder, Method setter) throws Throwable {
        try {
            setter.invoke(builder, new Object[setter.getParameterCount()]);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Test
    void whatTheTrainerIsGiven() {
        Iterable<Batch> batches = data.regression(4, 4);
        Trainer trainer = Trainers.quiet().build();

        saysSo(() -> trainer.fit(null, batches), "the module is null");
        saysSo(() -> trainer.validate(null, batches), "the module is null");
        saysSo(() -> trainer.test(null, batches), "the module is null");
        saysSo(() -> trainer.predict(null, batches), "the module is null");
        saysSo(() -> trainer.fit(new BoringModule(), (LightningDataModule) null), "the data module is null");
        saysSo(() -> trainer.fit(new BoringModule(), batches, (Iterable<Batch>) null), "validation batches are null");
        saysSo(
                () -> trainer.fit(new BoringModule(), batches, Collections.<Iterable<Batch>>singletonList(null)),
                "element 0 of the validation loaders is null");
        saysSo(() -> trainer.validate(new BoringModule(), batches, null), "element 1 of the loaders is null");
    }

    // ---- returned

    @Test
    void aModule() {
        saysSo(
                () -> predict(new BoringModule() {
                    @Override
                    public NDList forward(NDList inputs) {
                        return null;
                    }
                }),
                "predictStep",
                "returned null",
                "forward");
        saysSo(
                () -> predict(new BoringModule() {
                    @Override
                    public NDList predictStep(Batch batch, int batchIndex) {
                        return new NDList((NDArray) null);
                    }
                }),
                "predictStep",
                "a null array");
        saysSo(
                () -> fit(new BoringModule() {
                    @Override
                    public List<Callback> configureCallbacks() {
                        return null;
                    }
                }),
                "configureCallbacks",
                "returned is null");
        saysSo(
                () -> fit(new BoringModule() {
                    @Override
                    public List<Callback> configureCallbacks() {
                        return Collections.singletonList(null);
                    }
                }),
                "element 0 of what configureCallbacks");
        saysSo(
                () -> fit(new BoringModule() {
                    @Override
                    protected Shape[] inputShapes() {
                        return null;
                    }
                }),
                "inputShapes",
                "returned is null");
        saysSo(
                () -> fit(new BoringModule() {
                    @Override
                    public OptimizerConfig configureOptimizers() {
                        return null;
                    }
                }),
                "configureOptimizers returned no optimizer");
    }

    @Test
    void aLayer() {
        Block nothing = new LambdaBlock(inputs -> null);

        saysSo(() -> fit(new Step(Step.calling(nothing))), "LambdaBlock returned null");
    }

    @Test
    void anInference() {
        BoringModule module = new BoringModule() {
            @Override
            public NDList forward(NDList inputs) {
                return null;
            }
        };
        Trainers.quiet().build().fit(module, data.regression(4, 4));

        try (module;
                var inference = module.inference()) {
            saysSo(() -> inference.forward(inference.manager().zeros(new Shape(1, 4))), "forward of ", "returned null");
        }
    }

    @Test
    void aDataset() {
        saysSo(() -> fit(new Gives(null)), "get(manager, index) returned null in place of a Record");
        saysSo(() -> fit(new Gives(new Record(null, new NDList()))), "returned null for a list of arrays");
        saysSo(
                () -> fit(new Gives(new Record(new NDList((NDArray) null), new NDList()))),
                "returned null in place of an array");
        Batchifier none = new Batchifier() {
            @Override
            public NDList batchify(NDList[] inputs) {
                return null;
            }

            @Override
            public NDList[] unbatchify(NDList inputs) {
                return new NDList[0];
            }
        };
        saysSo(
                () -> fit(DataLoader.builder(data.regression(4))
                        .batchSize(2)
                        .collate(none, Batchifier.STACK)
                        .build()),
                "A batchifier returned null for a list");
        saysSo(
                () -> fit(DataLoader.builder(data.regression(4))
                        .batchSize(2)
                        .augment((sample, random) -> null)
                        .build()),
                "could not be augmented",
                "returned null");
    }

    @Test
    void batches() {
        saysSo(() -> fit((Iterable<Batch>) () -> null), "what iterator() of ", "returned is null");
        saysSo(() -> fit(Collections.<Batch>singletonList(null)), "the first batch of the source is null");
        saysSo(() -> fit(new Source(null)), "what open of Source returned is null");
        saysSo(() -> fit(new Source(new NullBatches())), "gave null in place of batch 0");
    }

    @Test
    void aDataModule() {
        saysSo(
                () -> Trainers.quiet().build().fit(new BoringModule(), new LightningDataModule() {
                    @Override
                    public Iterable<Batch> trainDataLoader() {
                        return data.regression(4, 4);
                    }

                    @Override
                    public List<Iterable<Batch>> valDataLoaders() {
                        return null;
                    }
                }),
                "what valDataLoaders of ",
                "returned is null");
        saysSo(
                () -> Trainers.quiet().build().test(new BoringModule(), new LightningDataModule() {
                    @Override
                    public List<Iterable<Batch>> testDataLoaders() {
                        return Collections.singletonList(null);
                    }
                }),
                "element 0 of what testDataLoaders");
    }

    @Test
    void aLogger() {
        saysSo(
                () -> Trainers.quiet().loggers(new Logger() {
                    @Override
                    public List<String> files() {
                        return null;
                    }

                    @Override
                    public void logMetrics(Map<String, Double> metrics, long step, long epoch) {}
                }),
                "what files of ",
                "returned is null");
    }

    // ---- labels

    /** A batch without labels is as good as null where a step takes them. */
    @Test
    void labelsThatAreNotThere() {
        Iterable<Batch> unlabelled =
                DataLoader.of(TensorDataset.of(data.manager().ones(new Shape(4, TestData.FEATURES))), 4);
        Trainer trainer = Trainers.quiet().build();

        saysSo(() -> trainer.fit(new BoringModule(), unlabelled), "trainingStep of BoringModule", "no labels");
        saysSo(() -> trainer.validate(new BoringModule(), unlabelled), "validationStep", "no labels");
        saysSo(() -> trainer.test(new BoringModule(), unlabelled), "testStep", "no labels");
        saysSo(
                () -> trainer.predict(
                        new BoringModule() {
                            @Override
                            public NDList predictStep(Batch batch, int batchIndex) {
                                return new NDList(batch.getLabels().singletonOrThrow());
                            }
                        },
                        unlabelled),
                "predictStep",
                "no labels");
        saysSo(
                () -> trainer.fit(
                        new BoringModule() {
                            @Override
                            public boolean automaticOptimization() {
                                return false;
                            }
                        },
                        unlabelled),
                "trainingStep",
                "no labels");
    }

    private void saysSo(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... words) {
        Throwable failure = catchThrowable(call);
        assertThat(failure).isInstanceOf(LightningException.class).hasMessageContainingAll(words);
    }

    private void fit(LightningModule module) {
        try (module) {
            Trainers.quiet().build().fit(module, data.regression(4, 4));
        }
    }

    private void fit(RandomAccessDataset dataset) {
        fit(DataLoader.of(dataset, 2));
    }

    private void fit(Iterable<Batch> batches) {
        try (BoringModule module = new BoringModule()) {
            Trainers.quiet().build().fit(module, batches);
        }
    }

    private void predict(LightningModule module) {
        try (module) {
            Trainers.quiet().build().predict(module, data.regression(4, 4)).close();
        }
    }

    /** Does something in its training step. */
    private static class Step extends BoringModule {
        static final Map<String, BiConsumer<Step, Batch>> CALLS = Map.ofEntries(
                Map.entry("log('x'): the value is null", (step, batch) -> step.log("x", (NDArray) null)),
                Map.entry("log('m'): the value is null", (step, batch) -> step.log("m", (Metric) null)),
                Map.entry("log('null'): the name is null", (step, batch) -> step.log(null, 1)),
                Map.entry("log('o'): LogOptions is null", (step, batch) -> step.log("o", 1, null)),
                Map.entry("what logAll was given is null", (step, batch) -> step.logAll(null)),
                Map.entry("logAll: 'a' is null", (step, batch) -> step.logAll(Collections.singletonMap("a", null))),
                Map.entry("what keep was given is null", (step, batch) -> step.keep(null)),
                Map.entry("buffer 'b' is null", (step, batch) -> step.buffer("b", null)),
                Map.entry("metric 'c' is null", (step, batch) -> step.metric("c", null)),
                Map.entry("the layer 'd' of Step is null", (step, batch) -> step.addChildBlock("d", (Block) null)),
                Map.entry("The layer that Step called is null", (step, batch) -> step.call(null, batch.getData())),
                Map.entry("call of layer got null as input.", (step, batch) -> step.call(step.layer, (NDList) null)),
                Map.entry("call of layer got null as input 0", (step, batch) -> step.call(step.layer, (NDArray) null)),
                Map.entry(
                        "call of layer got null as input 1",
                        (step, batch) -> step.call(step.layer, batch.getData().head(), null)),
                Map.entry("the layer that freeze was given is null", (step, batch) -> step.freeze(null)),
                Map.entry("the layer that unfreeze was given is null", (step, batch) -> step.unfreeze(null)),
                Map.entry(
                        "the optimizer that clipGradients was given is null",
                        (step, batch) -> step.clipGradients(null, 1, null)),
                Map.entry(
                        "the row of logNow is null", (step, batch) -> step.run().logNow(null)),
                Map.entry("log('n'): the value is null", (step, batch) -> {
                    Map<String, Double> row = new HashMap<>();
                    row.put("n", null);
                    step.run().logNow(row);
                }));

        private final BiConsumer<Step, Batch> action;

        static final BiConsumer<Step, Batch> BACKWARD_OF_NULL = (step, batch) -> step.manualBackward(null);

        static BiConsumer<Step, Batch> calling(Block layer) {
            return (step, batch) -> step.call(layer, batch.getData());
        }

        Step(BiConsumer<Step, Batch> action) {
            this.action = action;
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            action.accept(this, batch);
            return loss(batch);
        }
    }

    private static final class Gives extends RandomAccessDataset {
        private final @Nullable Record record;

        Gives(@Nullable Record record) {
            super(new Plain().setSampling(1, false));
            this.record = record;
        }

        @Override
        public Record get(NDManager manager, long index) {
            return record;
        }

        @Override
        protected long availableSize() {
            return 2;
        }

        @Override
        public void prepare(Progress progress) {}
    }

    private static final class Plain extends RandomAccessDataset.BaseBuilder<Plain> {
        @Override
        protected Plain self() {
            return this;
        }
    }

    private record Source(@Nullable BatchCursor cursor) implements BatchSource {
        @Override
        public long batchCount() {
            return 1;
        }

        @Override
        public Optional<Shape[]> peek(NDManager parent, Seeds seeds) {
            return Optional.of(new Shape[] {new Shape(1, TestData.FEATURES)});
        }

        @Override
        public BatchCursor open(NDManager manager, Seeds seeds, long epoch, long skip) {
            return cursor;
        }
    }

    private static final class NullBatches implements BatchCursor {
        @Override
        public boolean hasNext() {
            return true;
        }

        @Override
        public Batch next() {
            return null;
        }

        @Override
        public void close() {}
    }
}
