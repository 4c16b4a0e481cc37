package io.github.lightning4j.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.Batch;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.KnowsFlops;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.checkpoint.Weights;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.FakeRun;
import io.github.lightning4j.fixture.NoisyModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.internal.torch.NativeMemory;
import io.github.lightning4j.internal.torch.TorchTrace;
import io.github.lightning4j.nn.LSTM;
import io.github.lightning4j.nn.LayerNorm;
import io.github.lightning4j.nn.TransformerEncoder;
import io.github.lightning4j.nn.TransformerOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelSummaryTest {
    @Test
    void aBlockThatFailsToSayItsOperations_costsThePassAlone() {
        class Failing extends Hidden implements KnowsFlops {
            Failing() {
                super(new io.github.lightning4j.nn.Linear(4, 4));
            }

            @Override
            public OptionalLong flops(List<Shape> inputs, List<Shape> outputs) {
                throw new IllegalStateException("no idea");
            }
        }
        try (LightningModule module = of(new Failing())) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(3, 4));
            Summary summary = ModelSummary.of(module, 1);
            assertThat(summary.pass()).isNull();
            assertThat(summary.text()).contains("no idea");
        }
    }

    @Test
    void onFitStart_printsLayersAndTotals() {
        try (Net net = new Net()) {
            net.initialize(Device.cpu(), DataType.FLOAT32, new Shape(8, 1, 6, 6));
            net.freeze(net.body);
            FakeRun run = new FakeRun();
            run.module = net;
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            new ModelSummary(2, new PrintStream(bytes, false, StandardCharsets.UTF_8)).onFitStart(run);
            assertThat(lines(bytes.toString(StandardCharsets.UTF_8))).isEqualTo("""
                            ------------------------------------------------------------------------------------
                            #  Name    Type             Params  Mode           FLOPs  In            Out
                            ------------------------------------------------------------------------------------
                            0  body    SequentialBlock      24  eval, frozen  4.61 K  (8, 1, 6, 6)  (8, 32)
                            1  body.0  Conv2d               20  eval, frozen  4.61 K  (8, 1, 6, 6)  (8, 2, 4, 4)
                            2  body.1  BatchNorm             4  eval, frozen       0  (8, 2, 4, 4)  (8, 2, 4, 4)
                            3  body.2  ReLU                     eval               0  (8, 2, 4, 4)  (8, 2, 4, 4)
                            4  body.3  batchFlatten             eval               0  (8, 2, 4, 4)  (8, 32)
                            5  head    Linear           33,000  train          512 K  (8, 32)       (8, 1000)
                            ------------------------------------------------------------------------------------
                            33,000  trainable parameters
                                24  frozen parameters
                            33,024  parameters in total
                                 7  numbers in buffers
                             0.126  MiB of parameters and buffers
                                 1  layers in train mode
                                 5  layers in eval mode
                             517 K  FLOPs of a forward pass for inputs (8, 1, 6, 6)
                             0.034  MiB of layer outputs in that pass
                             0.286  MiB for a training step of it: parameters, gradients and layer outputs, without the optimizer's state
                            """);
        }
    }

    @Test
    void trainingMemory_isSummedExactlyByDtype() {
        try (Net net = new Net()) {
            net.initialize(Device.cpu(), DataType.FLOAT64, new Shape(8, 1, 6, 6));
            Summary summary = ModelSummary.of(net, 1);
            assertThat(summary.withoutPass()).isEmpty();
            long buffers = 4 * 8 + 3 * 4;
            assertThat(summary.parameters().bytes()).isEqualTo(33_024 * 8 + buffers);
            long outputs = 8 * (4 * 32 + 1000) * 8;
            assertThat(summary.pass().activationBytes()).isEqualTo(outputs);
            assertThat(summary.trainingBytes()).isEqualTo(2 * 33_024 * 8 + buffers + outputs);
        }
    }

    @Test
    void depth_choosesTheLevels() {
        try (Net net = new Net()) {
            net.initialize(Device.cpu(), DataType.FLOAT32, new Shape(8, 1, 6, 6));
            assertThat(lines(ModelSummary.of(net, 0).text())).startsWith("33,024  trainable parameters\n");
            assertThat(names(ModelSummary.of(net, 1))).containsExactly("body", "head");
            assertThat(names(ModelSummary.of(net, -1)))
                    .containsExactly("body", "body.0", "body.1", "body.2", "body.3", "head");
            assertThat(ModelSummary.of(net, -1)).isEqualTo(ModelSummary.of(net, 2));
            assertThat(ModelSummary.of(net, 1).text()).contains("body  SequentialBlock      24  train");
            net.freeze(net.body.getChildren().valueAt(0));
            assertThat(ModelSummary.of(net, 2).text())
                    .contains("body    SequentialBlock      24  train, partly frozen")
                    .contains("body.0  Conv2d               20  eval, frozen")
                    .contains("body.1  BatchNorm             4  train ");
        }
    }

    @Test
    void aBlockNotYetInitialised_isDescribedWithoutSizes() {
        String summary = ModelSummary.of(
                        new SequentialBlock().add(Linear.builder().setUnits(3).build()), 1)
                .text();
        assertThat(lines(summary))
                .contains("0  0     Linear          train\n")
                .contains("    0  parameters in total")
                .contains("0.000  MiB")
                .endsWith(
                        "Sizes and FLOPs are not known: SequentialBlock is not initialised; initialize(...) it, or train it first.\n");
    }

    @Test
    void tableAndTotals_holdWhatIsPrinted() {
        Block block = new SequentialBlock().add(Linear.builder().setUnits(3).build());
        assertThat(ModelSummary.table(block, -1).columns())
                .containsExactly("#", "Name", "Type", "Params", "Mode", "Out");
        assertThat(ModelSummary.table(block, -1).rows()).containsExactly(List.of("0", "0", "Linear", "", "train", ""));
        assertThat(ModelSummary.totals(block)).contains("0  parameters in total");
    }

    @Test
    void ownParameters_areARowOfTheirOwn() {
        LightningModule module = new LightningModule(new LayerNorm(4)) {
            {
                addParameter(Parameter.builder()
                        .setName("scale")
                        .setType(Parameter.Type.WEIGHT)
                        .optShape(new Shape(5))
                        .optInitializer(Initializer.ONES)
                        .build());
            }
        };
        try (module) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(2, 4));
            Summary summary = ModelSummary.of(module, 1);
            assertThat(names(summary)).containsExactly("net", "other params");
            assertThat(summary.layers().get(1).parameters()).isEqualTo(5);
            assertThat(summary.table().rows().get(1)).startsWith("", "other params", "Parameter", "5", "");
        }
    }

    @Test
    void sharedLayers_areCountedOnce() {
        Block shared = new io.github.lightning4j.nn.Linear(4, 4);
        LightningModule module =
                of(new SequentialBlock().add(shared).add(Activation.reluBlock()).add(shared));
        try (module) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(2, 4));
            Summary summary = ModelSummary.of(module, -1);
            assertThat(summary.parameters().total()).isEqualTo(20);
            assertThat(summary.layers().get(1).flops()).isEqualTo(new Flops(2 * 2 * 2 * 16, true));
            assertThat(summary.layers().get(3).type()).isEqualTo("as net.0");
            assertThat(summary.pass().flops()).isEqualTo(new Flops(2 * 2 * 2 * 16, true));
            assertThat(summary.training()).isEqualTo(3);
        }
    }

    @Test
    void tiedParameters_areCountedOnce() {
        io.github.lightning4j.nn.Embedding embedding = new io.github.lightning4j.nn.Embedding(10, 4);
        io.github.lightning4j.nn.Linear head = io.github.lightning4j.nn.Linear.withoutBias(4, 10);
        head.tie("weight", embedding.getDirectParameters().get("weight"));
        try (LightningModule module = of(new SequentialBlock().add(embedding).add(head))) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(2, 3));
            Summary summary = ModelSummary.of(module, -1);
            assertThat(summary.parameters().total()).isEqualTo(40);
            assertThat(summary.pass().inputs()).containsExactly(new Shape(2, 3));
            assertThat(summary.pass().flops()).isEqualTo(new Flops(2 * 6 * 40, true));
        }
    }

    @Test
    void nestedModulesAndTransformers_areSeenWithin() {
        LightningModule inner = of(new TransformerEncoder(
                2, 8, 2, TransformerOptions.builder().feedforward(16).build()));
        try (LightningModule module = of(new SequentialBlock()
                .add(inner)
                .add(new ParallelBlock(branches -> branches.get(0).addAll(branches.get(1)))
                        .add(new io.github.lightning4j.nn.Linear(8, 3))
                        .add(new LSTM(8, 5))))) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(2, 6, 8));
            Summary summary = ModelSummary.of(module, -1);
            assertThat(summary.pass().flops().complete()).isTrue();
            assertThat(summary.layers().stream().filter(layer -> layer.inputs().isEmpty()))
                    .extracting(Layer::name)
                    .allMatch(name -> name.endsWith("out_proj"), "attention computes its projection itself");
            assertThat(summary.text()).contains("linear1").contains("(2, 6, 5) + 2");
            assertThat(summary.text().lines().takeWhile(line -> !line.contains("trainable")))
                    .allMatch(line -> line.length() <= 120);
        }
    }

    @Test
    void productsOutOfSight_areCountedWhereTheyAreMade() {
        try (LightningModule module = of(new SequentialBlock()
                .add(new Hidden(new io.github.lightning4j.nn.Linear(4, 4)))
                .add(Activation::relu)
                .add(list -> new NDList(list.head().matMul(list.head().transpose()))))) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(3, 4));
            assertThat(ModelSummary.of(module, -1).layers())
                    .extracting(layer -> String.valueOf(layer.flops()))
                    .containsExactly("168", "96", "null", "0", "72");
        }
    }

    @Test
    void whatABlockDoesOutOfSight_isNotGuessed() {
        Conv1d hidden =
                Conv1d.builder().setFilters(2).setKernelShape(new Shape(2)).build();
        try (LightningModule module =
                of(new SequentialBlock().add(new Hidden(hidden)).add(new io.github.lightning4j.nn.Linear(3, 2)))) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(3, 2, 4));
            Summary summary = ModelSummary.of(module, -1);
            assertThat(summary.layers())
                    .extracting(layer -> String.valueOf(layer.flops()))
                    .containsExactly("72 + ?", "?", "null", "72");
            assertThat(summary.layers().get(1).outputs()).containsExactly(new Shape(3, 2, 3));
            assertThat(summary.text()).contains("72 + ?  FLOPs of a forward pass for inputs (3, 2, 4)");
        }
    }

    @Test
    void whileAProfilerRecords_itIsLeftAlone(@TempDir Path folder) {
        try (LightningModule module = of(new SequentialBlock().add(Activation::relu))) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(3, 4));
            TorchTrace trace = TorchTrace.start();
            Summary summary = ModelSummary.of(module, -1);
            trace.stop(folder.resolve("trace.json"));
            assertThat(summary.layers().get(1).flops()).hasToString("?");
            assertThat(folder.resolve("trace.json")).content().contains("aten::relu");
        }
    }

    @Test
    void aBlockThatKnows_isBelieved() {
        class Told extends Hidden implements KnowsFlops {
            Told() {
                super(new io.github.lightning4j.nn.Linear(4, 4));
            }

            @Override
            public OptionalLong flops(List<Shape> inputs, List<Shape> outputs) {
                return OptionalLong.of(inputs.get(0).get(0) * 32);
            }
        }
        try (LightningModule module = of(new Told())) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(3, 4));
            assertThat(ModelSummary.of(module, 1, new Shape(5, 4)).pass().flops())
                    .isEqualTo(new Flops(160, true));
        }
    }

    @Test
    void aForwardThatFails_isSaidBelowTheTable() {
        LightningModule module = new LightningModule() {
            private final Block first = addChildBlock("first", new io.github.lightning4j.nn.Linear(4, 2));
            private final Block second = addChildBlock("second", new io.github.lightning4j.nn.Linear(4, 2));
        };
        try (module) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(3, 4));
            Summary summary = ModelSummary.of(module, 1);
            assertThat(summary.pass()).isNull();
            assertThat(summary.text()).contains("override forward(NDList)").contains("(3, 2)");
        }
    }

    @Test
    void thePass_leavesNothingAndTouchesNothing() {
        class Counting extends LightningModule {
            final Block norm = addChildBlock("norm", BatchNorm.builder().build());
            final NDArray calls;

            Counting() {
                try (NDManager manager = NDManager.newBaseManager()) {
                    calls = buffer("calls", manager.zeros(new Shape(1)));
                }
            }

            @Override
            public NDList forward(NDList inputs) {
                calls.addi(1);
                return call(norm, inputs);
            }
        }
        try (Counting module = new Counting()) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(3, 4));
            String before = Weights.sha256(module);
            ModelSummary.of(module, -1);
            NativeMemory memory = NativeMemory.now();
            ModelSummary.of(module, -1);
            assertThat(NativeMemory.now().arrays()).isEqualTo(memory.arrays());
            assertThat(NativeMemory.now().managers()).isEqualTo(memory.managers());
            assertThat(module.calls.getFloat(0)).isZero();
            assertThat(Weights.sha256(module)).isEqualTo(before);
        }
    }

    @Test
    void aFit_hasTheSameBitsWithAndWithoutIt() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
            assertThat(weightsAfterAFit(new ModelSummary(-1, out))).isEqualTo(weightsAfterAFit());
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("FLOPs of a forward pass for inputs (8, 4)");
    }

    private static String weightsAfterAFit(Callback... callbacks) {
        try (NoisyModule module = new NoisyModule();
                TestData data = TestData.open()) {
            return Trainers.quiet()
                    .callbacks(callbacks)
                    .build()
                    .fit(module, DataLoader.of(data.classes(24), 8))
                    .weightsSha256();
        }
    }

    @Test
    void examplesOfInputs_areUsedWhereZerosWouldNotDo() {
        try (LightningModule module = of(new io.github.lightning4j.nn.Embedding(10, 4));
                NDManager manager = NDManager.newBaseManager()) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(2, 3));
            NDList inputs = new NDList(manager.ones(new Shape(7, 3), DataType.INT64));
            assertThat(ModelSummary.of(module, 1, inputs).layers().get(0).outputs())
                    .containsExactly(new Shape(7, 3, 4));
        }
    }

    @Test
    void constructor_withAnImpossibleDepth_refusesIt() {
        assertThatThrownBy(() -> new ModelSummary(-2))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("-2");
    }

    private static String lines(String text) {
        return text.replace(System.lineSeparator(), "\n");
    }

    private static List<String> names(Summary summary) {
        return summary.layers().stream().map(Layer::name).toList();
    }

    private static LightningModule of(Block block) {
        return new LightningModule(block) {};
    }

    /** Calls a layer where nobody sees it. */
    private static class Hidden extends AbstractBlock {
        private final Block layer;

        Hidden(Block layer) {
            this.layer = addChildBlock("layer", layer);
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
            return layer.forward(store, inputs, training);
        }

        @Override
        protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
            layer.initialize(manager, dataType, inputShapes);
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputShapes) {
            return layer.getOutputShapes(inputShapes);
        }
    }

    private static final class Net extends LightningModule {
        private final Block body = addChildBlock(
                "body",
                new SequentialBlock()
                        .add(Conv2d.builder()
                                .setKernelShape(new Shape(3, 3))
                                .setFilters(2)
                                .build())
                        .add(BatchNorm.builder().build())
                        .add(Activation.reluBlock())
                        .add(Blocks.batchFlattenBlock()),
                new Shape(8, 1, 6, 6));

        private final Block head =
                addChildBlock("head", Linear.builder().setUnits(1000).build(), new Shape(8, 32));

        Net() {
            try (NDManager manager = NDManager.newBaseManager()) {
                buffer("mean", manager.ones(new Shape(3)));
            }
        }

        @Override
        public NDList forward(NDList inputs) {
            return call(head, call(body, inputs));
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            throw new UnsupportedOperationException();
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            throw new UnsupportedOperationException();
        }
    }
}
