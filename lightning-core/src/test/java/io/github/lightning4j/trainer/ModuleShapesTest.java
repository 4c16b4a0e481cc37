package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.TokenEmbedding;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.Weights;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.MeanMetric;
import io.github.lightning4j.nn.LayerNorm;
import io.github.lightning4j.optim.SGD;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Modules of every build: what is initialised from which shapes, what is trained, and what belongs to them. */
class ModuleShapesTest {
    private final TestData data = TestData.open();

    @AfterEach
    void free() {
        data.close();
    }

    @Test
    void aBufferOfAnotherDtype_doesNotKeepBatchesFromTheirs() {
        try (BoringModule module = new BoringModule() {
            @Override
            public void onFitStart() {
                buffer("seen", data.manager().zeros(new Shape(2)));
            }
        }) {
            FitResult result =
                    Trainers.quiet().precision(DataType.FLOAT64).build().fit(module, data.regression(4, 4));
            assertThat(result.metrics()).containsKey("train_loss");
        }
    }

    @Test
    void oneChild_takesTheShapesOfTheFirstBatch() {
        try (BoringModule module = new BoringModule()) {
            Trainers.quiet().build().fit(module, data.regression(8, 4));

            assertThat(module.layer.getParameters().get("weight").getArray().getShape())
                    .isEqualTo(new Shape(TestData.TARGETS, TestData.FEATURES));
            assertThat(module.describeInput().values()).containsExactly(new Shape(4, TestData.FEATURES));
        }
    }

    @Test
    void severalChildrenOfUnknownShape_areRefusedByName() {
        try (Two module = new Two(new Shape[0], new Shape[0])) {
            assertThatThrownBy(() -> Trainers.quiet().build().fit(module, data.regression(8, 4)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("first, second")
                    .hasMessageContaining("addChildBlock(name, block, new Shape(...))");
        }
    }

    @Test
    void declaredShapes_initialiseSeveralChildren() {
        try (Two module = new Two(shapes(TestData.FEATURES), shapes(3))) {
            Map<String, Long> before = fitAfterInitialising(module);

            assertThat(Weights.of(module).keySet()).hasSize(4);
            assertThat(Weights.of(module))
                    .allSatisfy((name, bits) -> assertThat(bits).as(name).isNotEqualTo(before.get(name)));
        }
    }

    @Test
    void oneUndeclaredChildAmongDeclaredOnes_takesTheBatchs() {
        try (Two module = new Two(new Shape[0], shapes(3))) {
            Trainers.quiet().build().fit(module, data.regression(8, 4));

            assertThat(module.isInitialized()).isTrue();
        }
    }

    @Test
    void layersThatKnowTheirShapes_needNoDeclaration() {
        try (LightningModule module = new LightningModule() {
            private final Block hidden =
                    addChildBlock("hidden", new io.github.lightning4j.nn.Linear(TestData.FEATURES, 5));
            private final Block norm = addChildBlock("norm", new LayerNorm(5));
            private final Block head = addChildBlock("head", new io.github.lightning4j.nn.Linear(5, TestData.TARGETS));

            @Override
            public NDArray trainingStep(Batch batch, int batchIndex) {
                NDList out = call(head, call(norm, call(hidden, batch.getData())));
                return Losses.mse(out.head(), batch.getLabels().head());
            }

            @Override
            public OptimizerConfig configureOptimizers() {
                return SGD.builder(parameters()).lr(0.1).build();
            }
        }) {
            Trainers.quiet().build().fit(module, data.regression(8, 4));

            assertThat(module.parameters().get("head.weight").getArray().getShape())
                    .isEqualTo(new Shape(TestData.TARGETS, 5));
        }
    }

    @Test
    void inputShapesOfTheModule_winOverTheBatchs() {
        BoringModule module = new BoringModule() {
            @Override
            protected Shape[] inputShapes() {
                return shapes(TestData.FEATURES);
            }
        };
        try (module) {
            Trainers.quiet().build().fit(module, data.regression(8, 4));

            assertThat(module.describeInput().values()).containsExactly(new Shape(1, TestData.FEATURES));
        }
    }

    @Test
    void integerInputs_reachAnEmbedding() {
        try (Words module = new Words()) {
            NDArray tokens = data.manager().create(new long[] {1, 2, 3, 4, 0, 1}, new Shape(3, 2));
            NDArray targets = data.manager().ones(new Shape(3, 1));
            Map<String, Long> before = initialised(module, tokens.getShape());

            Trainers.quiet().build().fit(module, DataLoader.of(TensorDataset.of(tokens, targets), 3));

            assertThat(Weights.of(module))
                    .hasSize(3)
                    .allSatisfy((name, bits) -> assertThat(bits).as(name).isNotEqualTo(before.get(name)));
        }
    }

    @Test
    void aChildNeverReached_isInitialisedAndLeftAlone() {
        try (Two module = new Two(shapes(TestData.FEATURES), shapes(3))) {
            module.reachSecond = false;
            Map<String, Long> before = fitAfterInitialising(module);

            Map<String, Long> after = Weights.of(module);
            assertThat(after).hasSize(4);
            after.forEach((name, bits) ->
                    assertThat(bits.equals(before.get(name))).as(name).isEqualTo(name.contains("second")));
        }
    }

    @Test
    void aFrozenChild_keepsItsBits() {
        try (Two module = new Two(shapes(TestData.FEATURES), shapes(3))) {
            module.freeze(module.first);
            Map<String, Long> before = fitAfterInitialising(module);

            assertThat(module.parameters().keys()).allMatch(name -> name.contains("second"));
            Weights.of(module)
                    .forEach((name, bits) ->
                            assertThat(bits.equals(before.get(name))).as(name).isEqualTo(name.contains("first")));
        }
    }

    @Test
    void aBlockInitialisedBefore_keepsItsWeightsAndTrains() {
        Block ready = Linear.builder().setUnits(TestData.TARGETS).build();
        ready.initialize(data.manager(), DataType.FLOAT32, new Shape(1, TestData.FEATURES));
        Map<String, Long> before = Weights.of(ready);
        try (Around module = new Around(ready)) {
            Trainers.quiet().maxEpochs(0).build().fit(module, data.regression(8, 4));
            assertThat(Weights.of(ready)).isEqualTo(before);

            Trainers.quiet().build().fit(module, data.regression(8, 4));
            assertThat(Weights.of(ready)).isNotEqualTo(before);
        }
        assertThat(Weights.of(ready))
                .as("owned by another manager, so not closed")
                .hasSize(2);
    }

    @Test
    void aBlockFrozenBefore_staysFrozen() {
        SequentialBlock net = new SequentialBlock();
        Block frozen = Linear.builder().setUnits(3).build();
        net.add(frozen).add(Linear.builder().setUnits(TestData.TARGETS).build());
        net.initialize(data.manager(), DataType.FLOAT32, new Shape(1, TestData.FEATURES));
        frozen.freezeParameters(true);
        Map<String, Long> before = Weights.of(frozen);
        try (Around module = new Around(net)) {
            Trainers.quiet().build().fit(module, data.regression(8, 4));

            assertThat(Weights.of(frozen)).isEqualTo(before);
            assertThat(module.parameters().size()).isEqualTo(2);
        }
    }

    @Test
    void aModuleWithinAModule_sharesTheStepAndIsNamedByItsPath() {
        try (Outer module = new Outer()) {
            FitResult result = Trainers.quiet().build().fit(module, data.regression(8, 4), data.regression(8, 4));

            assertThat(module.parameters().keys()).containsExactly("inner.layer.weight", "inner.layer.bias");
            assertThat(module.metrics()).containsOnlyKeys("inner.mean");
            assertThat(module.buffers().keys()).containsExactly("inner.seen");
            assertThat(result.metrics()).containsEntry("mean", 3.0);
        }
    }

    @Test
    void buffers_areNotTrainedAndRunningStatisticsAreAmongThem() {
        SequentialBlock net = new SequentialBlock();
        net.add(BatchNorm.builder().build())
                .add(Linear.builder().setUnits(TestData.TARGETS).build());
        try (Around module = new Around(net)) {
            Trainers.quiet().build().fit(module, data.regression(8, 4));

            assertThat(module.buffers().keys()).containsExactly("net.0.running_mean", "net.0.running_var");
            assertThat(module.parameters().keys())
                    .doesNotContainAnyElementsOf(module.buffers().keys());
            module.freeze();
            assertThat(module.parameters().isEmpty()).isTrue();
            module.unfreeze();
            assertThat(module.parameters().size()).isEqualTo(4);
            assertThat(module.buffers().values()).noneMatch(Parameter::requiresGradient);
        }
    }

    @Test
    void aLayerUsedTwice_isListedAndTrainedOnce() {
        Block shared = Linear.builder().setUnits(TestData.FEATURES).build();
        SequentialBlock net = new SequentialBlock();
        net.add(shared)
                .add(shared)
                .add(Linear.builder().setUnits(TestData.TARGETS).build());
        try (Around module = new Around(net)) {
            Trainers.quiet().build().fit(module, data.regression(8, 4));

            assertThat(module.parameters().size()).isEqualTo(4);
        }
    }

    @Test
    void doublePrecision_trains() {
        try (BoringModule module = new BoringModule();
                NDArray x = data.manager().ones(new Shape(8, TestData.FEATURES), DataType.FLOAT64);
                NDArray y = data.manager().ones(new Shape(8, TestData.TARGETS), DataType.FLOAT64)) {
            FitResult result = Trainers.quiet()
                    .precision(DataType.FLOAT64)
                    .maxEpochs(20)
                    .gradientClipVal(10)
                    .accumulateGradBatches(2)
                    .build()
                    .fit(module, DataLoader.of(TensorDataset.of(x, y), 2));

            assertThat(module.parameters().get(0).getValue().getArray().getDataType())
                    .isEqualTo(DataType.FLOAT64);
            assertThat(result.metrics().get("train_loss")).isLessThan(1e-6);
        }
    }

    @Test
    void batchesOfSinglePrecision_getTheDtypeOfTheParameters() {
        for (DataType type : new DataType[] {DataType.FLOAT64, DataType.FLOAT16}) {
            List<DataType> seen = new ArrayList<>();
            try (BoringModule module = new BoringModule() {
                @Override
                public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
                    seen.add(batch.getData().head().getDataType());
                    seen.add(batch.getLabels().head().getDataType());
                    return super.trainingStep(batch, batchIndex);
                }
            }) {
                Trainer trainer = Trainers.quiet().precision(type).build();
                trainer.fit(module, data.regression(4, 4));
                assertThat(seen).containsExactly(type, type == DataType.FLOAT64 ? DataType.FLOAT64 : DataType.FLOAT32);
                assertThat(trainer.test(module, data.regression(8, 4))).containsKey("test_loss");
                try (PredictResult predicted = trainer.predict(module, data.regression(8, 4))) {
                    assertThat(predicted.batches().get(0).head().getDataType()).isEqualTo(type);
                }
            }
        }
    }

    @Test
    void halfPrecision_trains_asSinglePrecisionDoesToItsThreeDigits() {
        double[] losses = new double[2];
        DataType[] types = {DataType.FLOAT32, DataType.FLOAT16};
        for (int i = 0; i < types.length; i++) {
            try (BoringModule module = new BoringModule();
                    NDArray x = data.manager().ones(new Shape(8, TestData.FEATURES), types[i]);
                    NDArray y = data.manager().ones(new Shape(8, TestData.TARGETS), types[i])) {
                losses[i] = Trainers.quiet()
                        .precision(types[i])
                        .maxEpochs(5)
                        .gradientClipVal(0.5)
                        .accumulateGradBatches(2)
                        .build()
                        .fit(module, DataLoader.of(TensorDataset.of(x, y), 2))
                        .metrics()
                        .get("train_loss");

                assertThat(module.parameters().get(0).getValue().getArray().getDataType())
                        .isEqualTo(types[i]);
            }
        }
        assertThat(losses[1]).isCloseTo(losses[0], withinPercentage(0.5)).isNotEqualTo(losses[0]);
    }

    @Test
    void aClosedModule_canBeTrainedAnew() {
        BoringModule module = new BoringModule();
        Trainer trainer = Trainers.quiet().build();
        trainer.fit(module, data.regression(8, 4));
        Map<String, Long> first = Weights.of(module);
        module.close();

        trainer.fit(module, data.regression(8, 4));

        assertThat(Weights.of(module)).isEqualTo(first);
        module.close();
    }

    @Test
    void gradientsAndWeights_stayReadableAfterTheFit() {
        try (BoringModule module = new BoringModule()) {
            Trainers.quiet().build().fit(module, data.regression(8, 4));

            NDArray weight = module.parameters().get(0).getValue().getArray();
            try (NDArray gradient = weight.getGradient()) {
                assertThat(gradient.toFloatArray()).doesNotContain(0f);
            }
        }
    }

    private Map<String, Long> fitAfterInitialising(LightningModule module) {
        Map<String, Long> before = initialised(module, new Shape(1, TestData.FEATURES));
        Trainers.quiet().build().fit(module, data.regression(8, 4));
        return before;
    }

    private static Map<String, Long> initialised(LightningModule module, Shape shape) {
        module.initialize(Device.cpu(), DataType.FLOAT32, shape);
        return Weights.of(module);
    }

    private static Shape[] shapes(int features) {
        return new Shape[] {new Shape(1, features)};
    }

    /** Two layers, one after the other. */
    private static final class Two extends LightningModule {
        final Block first;
        final Block second;
        boolean reachSecond = true;

        Two(Shape[] ofFirst, Shape[] ofSecond) {
            first = addChildBlock("first", Linear.builder().setUnits(3).build(), ofFirst);
            second = addChildBlock(
                    "second", Linear.builder().setUnits(TestData.TARGETS).build(), ofSecond);
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray hidden = call(first, batch.getData()).head();
            if (!reachSecond) {
                return hidden.square().mean();
            }
            return Losses.mse(call(second, hidden), batch.getLabels().head());
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0.1).weightDecay(0.1).build();
        }
    }

    /** Two tokens, embedded and joined. */
    private static final class Words extends LightningModule {
        private final Block words = addChildBlock("words", new TokenEmbedding(5, 3), new Shape(1, 2));
        private final Block head =
                addChildBlock("head", Linear.builder().setUnits(1).build(), new Shape(1, 6));

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray embedded = call(words, batch.getData()).head();
            NDArray joined = embedded.reshape(embedded.size(0), 6);
            return Losses.mse(call(head, joined), batch.getLabels().head());
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0.1).build();
        }
    }

    /** A module around a ready-made block. */
    private static final class Around extends LightningModule {
        Around(Block block) {
            super(block);
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            return Losses.mse(forward(batch.getData()).head(), batch.getLabels().head());
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0.1).build();
        }
    }

    /** A module whose only child is a module with a buffer and a metric. */
    private static final class Outer extends LightningModule {
        private final Inner inner = addChildBlock("inner", new Inner());

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            return Losses.mse(
                    call(inner, batch.getData()).head(), batch.getLabels().head());
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            inner.mean.update(3);
            log("mean", inner.mean);
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0.1).build();
        }
    }

    private static final class Inner extends BoringModule {
        final MeanMetric mean = metric("mean", new MeanMetric());

        Inner() {
            try (ai.djl.ndarray.NDManager manager = ai.djl.ndarray.NDManager.newBaseManager()) {
                buffer("seen", manager.zeros(new Shape(1)));
            }
        }

        @Override
        public NDList forward(NDList inputs) {
            return new NDList(call(layer, inputs).head().mul(List.of(1, 1).size()));
        }
    }
}
