package io.github.lightning4j.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.fixture.FakeRun;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelSummaryTest {
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
                            --------------------------------------------------------
                            Name    Type             Params  Trainable  Output shape
                            --------------------------------------------------------
                            mean    Buffer                3  no         (3)
                            body    SequentialBlock      24  no         (8, 32)
                            body.0  Conv2d               20  no         (8, 2, 4, 4)
                            body.1  BatchNorm             4  no         (8, 2, 4, 4)
                            body.2  ReLU                                (8, 2, 4, 4)
                            body.3  batchFlatten                        (8, 32)
                            head    Linear           33,000  yes        (8, 1000)
                            --------------------------------------------------------
                            33,000  trainable parameters
                                24  frozen parameters
                            33,024  parameters in total
                                 7  numbers in buffers
                             0.132  MB
                            """);
        }
    }

    @Test
    void depth_choosesTheLevels() {
        try (Net net = new Net()) {
            net.initialize(Device.cpu(), DataType.FLOAT32, new Shape(8, 1, 6, 6));
            assertThat(lines(ModelSummary.of(net, 0))).startsWith("33,024  trainable parameters\n");
            assertThat(lines(ModelSummary.of(net, 1)).lines()).hasSize(12);
            assertThat(ModelSummary.of(net, -1)).isEqualTo(ModelSummary.of(net, 2));
            assertThat(ModelSummary.of(net, 1)).contains("body  SequentialBlock      24  yes");
            net.freeze(net.body.getChildren().valueAt(0));
            assertThat(ModelSummary.of(net, 1)).contains("body  SequentialBlock      24  partly");
        }
    }

    @Test
    void aBlockNotYetInitialised_isDescribedWithoutSizes() {
        String summary = ModelSummary.of(
                new SequentialBlock().add(Linear.builder().setUnits(3).build()), 1);
        assertThat(lines(summary))
                .contains("0     Linear\n")
                .contains("     0  parameters in total")
                .contains(" 0.000  MB");
    }

    @Test
    void tableAndTotals_holdWhatIsPrinted() {
        Block block = new SequentialBlock().add(Linear.builder().setUnits(3).build());
        assertThat(ModelSummary.table(block, -1).columns()).startsWith("Name", "Type", "Params");
        assertThat(ModelSummary.table(block, -1).rows()).containsExactly(List.of("0", "Linear", "", "", ""));
        assertThat(ModelSummary.totals(block)).contains("0  parameters in total");
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

        Net() {
            addChildBlock("head", Linear.builder().setUnits(1000).build(), new Shape(8, 32));
            try (NDManager manager = NDManager.newBaseManager()) {
                buffer("mean", manager.ones(new Shape(3)));
            }
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
