package io.github.lightning4j.summary;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.initializer.Initializer;
import io.github.lightning4j.nn.ConvTranspose1d;
import io.github.lightning4j.nn.ConvTranspose2d;
import io.github.lightning4j.nn.Embedding;
import io.github.lightning4j.nn.GRU;
import io.github.lightning4j.nn.LSTM;
import io.github.lightning4j.nn.LayerNorm;
import io.github.lightning4j.nn.Linear;
import io.github.lightning4j.nn.LoRA;
import io.github.lightning4j.nn.MultiheadAttention;
import io.github.lightning4j.nn.PReLU;
import io.github.lightning4j.nn.RNN;
import io.github.lightning4j.nn.RecurrentOptions;
import io.github.lightning4j.nn.TransformerDecoder;
import io.github.lightning4j.nn.TransformerEncoder;
import io.github.lightning4j.nn.TransformerOptions;
import io.github.lightning4j.nn.WeightNorm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Operations of layers, against what torch's flop_counter counts. */
class FlopsTest {
    record Case(String name, String figure, Block layer, Shape... inputs) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> layers() {
        TransformerOptions options =
                TransformerOptions.builder().feedforward(40).build();
        return Stream.of(
                named("linear", new Linear(20, 30), new Shape(8, 20)),
                new Case("DJL's linear", "linear", djlLinear(30), new Shape(8, 20)),
                new Case("weight norm", "linear", new WeightNorm(new Linear(20, 30)), new Shape(8, 20)),
                named("linear without bias", Linear.withoutBias(20, 30), new Shape(8, 5, 20)),
                named(
                        "conv1d",
                        Conv1d.builder()
                                .setFilters(8)
                                .setKernelShape(new Shape(5))
                                .optStride(new Shape(2))
                                .build(),
                        new Shape(4, 3, 40)),
                named("conv2d", conv2d(16).optPadding(new Shape(1, 1)).build(), new Shape(4, 3, 12, 10)),
                named("conv2d in groups", conv2d(16).optGroups(4).build(), new Shape(4, 8, 12, 10)),
                named(
                        "conv2d with a stride",
                        conv2d(16)
                                .optStride(new Shape(2, 2))
                                .optDilation(new Shape(2, 2))
                                .build(),
                        new Shape(2, 8, 21, 21)),
                named(
                        "conv3d",
                        Conv3d.builder()
                                .setFilters(4)
                                .setKernelShape(new Shape(3, 3, 3))
                                .build(),
                        new Shape(2, 2, 7, 8, 9)),
                named("transposed conv1d", new ConvTranspose1d(4, 6, 5, 2, 1, 0), new Shape(3, 4, 11)),
                named("transposed conv2d", new ConvTranspose2d(4, 6, 3, 2, 1, 1), new Shape(3, 4, 7, 9)),
                named("rnn", new RNN(5, 7), new Shape(3, 6, 5)),
                named("lstm", new LSTM(5, 7), new Shape(3, 6, 5)),
                new Case("DJL's LSTM", "lstm", djlLstm(), new Shape(3, 6, 5)),
                named(
                        "lstm of two layers and directions",
                        new LSTM(
                                5,
                                7,
                                RecurrentOptions.builder()
                                        .layers(2)
                                        .bidirectional()
                                        .build()),
                        new Shape(3, 6, 5)),
                named("gru", new GRU(5, 7, RecurrentOptions.builder().layers(2).build()), new Shape(3, 6, 5)),
                named("attention", new MultiheadAttention(16, 4), new Shape(3, 6, 16)),
                named(
                        "cross attention",
                        new MultiheadAttention(16, 4),
                        new Shape(3, 6, 16),
                        new Shape(3, 9, 16),
                        new Shape(3, 9, 16)),
                named("encoder", new TransformerEncoder(2, 16, 4, options), new Shape(3, 6, 16)),
                named("decoder", new TransformerDecoder(2, 16, 4, options), new Shape(3, 6, 16), new Shape(3, 9, 16)),
                named("embedding", new Embedding(50, 8), new Shape(3, 4)),
                named("batch norm", BatchNorm.builder().build(), new Shape(4, 8, 5, 5)),
                named("layer norm", new LayerNorm(8), new Shape(4, 8)),
                named("prelu", new PReLU(), new Shape(4, 8)),
                named(
                        "net",
                        new SequentialBlock()
                                .add(Conv2d.builder()
                                        .setFilters(6)
                                        .setKernelShape(new Shape(5, 5))
                                        .build())
                                .add(Activation.reluBlock())
                                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                                .add(Blocks.batchFlattenBlock())
                                .add(djlLinear(10)),
                        new Shape(64, 1, 28, 28)));
    }

    private static Case named(String figure, Block layer, Shape... inputs) {
        return new Case(figure, figure, layer, inputs);
    }

    private static Block djlLinear(int units) {
        return ai.djl.nn.core.Linear.builder().setUnits(units).build();
    }

    private static Block djlLstm() {
        return ai.djl
                .nn
                .recurrent
                .LSTM
                .builder()
                .setStateSize(7)
                .setNumLayers(1)
                .build();
    }

    private static Conv2d.Builder conv2d(int filters) {
        return Conv2d.builder().setFilters(filters).setKernelShape(new Shape(3, 3));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void layer_hasTheOperationsThatTorchCounts(Case each) throws IOException {
        String[] torch = figure(each.figure());
        try (NDManager manager = NDManager.newBaseManager()) {
            each.layer().setInitializer(Initializer.ONES, parameter -> true);
            each.layer().initialize(manager, DataType.FLOAT32, each.inputs());
            Summary summary = ModelSummary.of(each.layer(), -1, each.inputs());
            assertThat(summary.withoutPass()).isEmpty();
            ForwardCost pass = Objects.requireNonNull(summary.pass());
            assertThat(pass.flops()).isEqualTo(new Flops(Long.parseLong(torch[1]), true));
            if (each.name().equals(each.figure())) {
                assertThat(summary.parameters().total()).isEqualTo(Long.parseLong(torch[2]));
            }
        }
    }

    @Test
    void adapters_areCounted() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Linear linear = new Linear(20, 30);
            MultiheadAttention attention = new MultiheadAttention(16, 4);
            LoRA.builder(2).build().applyTo(new SequentialBlock().add(linear));
            LoRA.builder(2).build().applyTo(new SequentialBlock().add(attention));
            linear.initialize(manager, DataType.FLOAT32, new Shape(8, 20));
            attention.initialize(manager, DataType.FLOAT32, new Shape(3, 6, 16));
            assertThat(flops(linear, new Shape(8, 20))).isEqualTo(9600 + 2 * 8 * 2 * (20 + 30));
            assertThat(flops(attention, new Shape(3, 6, 16))).isEqualTo(43776 + 2 * 18 * 2 * (16 + 16) * 4);
        }
    }

    private static long flops(Block block, Shape input) {
        return Objects.requireNonNull(ModelSummary.of(block, 0, input).pass())
                .flops()
                .known();
    }

    @Test
    void number_isShownWithAUnit() {
        assertThat(List.of(0L, 999L, 1000L, 12_165_120L, 999_600L, 123_456_000_000L))
                .extracting(known -> new Flops(known, true).toString())
                .containsExactly("0", "999", "1.00 K", "12.2 M", "1.00 M", "123 G");
        assertThat(new Flops(0, false)).hasToString("?");
        assertThat(new Flops(1500, false)).hasToString("1.50 K + ?");
    }

    private static String[] figure(String name) throws IOException {
        try (var file = Objects.requireNonNull(FlopsTest.class.getResourceAsStream("flops.csv"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(","))
                    .filter(cells -> cells[0].equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
