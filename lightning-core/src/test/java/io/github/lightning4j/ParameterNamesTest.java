package io.github.lightning4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.core.Prelu;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.metric.MeanMetric;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ParameterNamesTest {
    private static Linear linear() {
        return Linear.builder().setUnits(2).build();
    }

    private static List<String> names(Block block) {
        return ParameterNames.of(block).keys();
    }

    /** A block written against DJL, whose layers have the names that are given. */
    private static final class Foreign extends AbstractBlock {
        Foreign(String[] names, Block... layers) {
            for (int i = 0; i < names.length; i++) {
                addChildBlock(names[i], layers[i]);
            }
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
            return inputs;
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputShapes) {
            return inputShapes;
        }
    }

    private static final class Layers extends BoringModule {
        Layers(Map<String, Block> layers) {
            layers.forEach(this::addChildBlock);
        }
    }

    static Stream<Arguments> layers() {
        return Stream.of(
                Arguments.of(linear(), List.of("weight", "bias")),
                Arguments.of(
                        Conv2d.builder()
                                .setFilters(1)
                                .setKernelShape(new Shape(1, 1))
                                .build(),
                        List.of("weight", "bias")),
                Arguments.of(BatchNorm.builder().build(), List.of("weight", "bias", "running_mean", "running_var")),
                Arguments.of(LayerNorm.builder().build(), List.of("weight", "bias")),
                Arguments.of(new Prelu(), List.of("weight")),
                Arguments.of(
                        GRU.builder().setStateSize(2).setNumLayers(1).build(),
                        List.of("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")),
                Arguments.of(
                        LSTM.builder()
                                .setStateSize(2)
                                .setNumLayers(2)
                                .optBidirectional(true)
                                .optHasBiases(false)
                                .build(),
                        List.of(
                                "weight_ih_l0",
                                "weight_hh_l0",
                                "weight_ih_l0_reverse",
                                "weight_hh_l0_reverse",
                                "weight_ih_l1",
                                "weight_hh_l1",
                                "weight_ih_l1_reverse",
                                "weight_hh_l1_reverse")),
                Arguments.of(
                        new SequentialBlock()
                                .add(linear())
                                .add(Activation::relu)
                                .add(linear()),
                        List.of("0.weight", "0.bias", "2.weight", "2.bias")),
                Arguments.of(
                        new ParallelBlock(list -> list.get(0)).add(linear()).add(new SequentialBlock().add(linear())),
                        List.of("0.weight", "0.bias", "1.0.weight", "1.0.bias")),
                Arguments.of(
                        new SequentialBlock().add(new SequentialBlock() {}.add(linear())),
                        List.of("0.0.weight", "0.0.bias")),
                Arguments.of(
                        new Foreign(new String[] {"conv", "Linear"}, linear(), linear()),
                        List.of("conv.weight", "conv.bias", "1.weight", "1.bias")),
                Arguments.of(
                        new Foreign(new String[] {"a", "a", "a.b"}, linear(), linear(), linear()),
                        List.of("a.weight", "a.bias", "a-1.weight", "a-1.bias", "a.b.weight", "a.b.bias")),
                Arguments.of(
                        new Foreign(new String[] {"a.b", "a"}, linear(), new Foreign(new String[] {"b"}, linear())),
                        List.of("a.b.weight", "a.b.bias", "a.b.weight-1", "a.b.bias-1")));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void parameters_areNamedByTheirPath_andAsTorchCallsThem(Block block, List<String> expected) {
        assertThat(names(block)).isEqualTo(expected);
    }

    @Test
    void layersOfModules_haveTheNamesTheyWereGiven_evenThoseOfClasses() {
        try (Layers inner = new Layers(Map.of("Linear", linear()));
                Layers outer = new Layers(Map.of("net", new SequentialBlock().add(inner)))) {
            assertThat(outer.parameters().keys()).contains("net.0.Linear.weight", "net.0.Linear.bias");
            assertThat(inner.parameters().keys()).contains("Linear.weight", "Linear.bias");
        }
    }

    @Test
    void moreThan99Layers_areCounted() {
        SequentialBlock chain = new SequentialBlock();
        for (int i = 0; i < 101; i++) {
            chain.add(linear());
        }
        assertThat(names(chain)).contains("98.weight", "99.weight", "100.bias").doesNotHaveDuplicates();
        try (LightningModule module = new BoringModule() {
            {
                for (int i = 0; i < 101; i++) {
                    addChildBlock("layer" + i, linear());
                }
            }
        }) {
            assertThat(module.parameters().keys()).contains("layer98.weight", "layer100.weight");
        }
    }

    private static class Before extends SequentialBlock {}

    private static final class After extends SequentialBlock {}

    @Test
    void renamingAClass_changesNoName() {
        Function<SequentialBlock, Block> net = part -> new SequentialBlock().add(part.add(linear()));
        assertThat(names(net.apply(new Before()))).isEqualTo(names(net.apply(new After())));
    }

    @Test
    void aLayerAddedElsewhere_changesNoName() {
        List<String> before = names(new Foreign(new String[] {"net"}, new SequentialBlock().add(linear())));
        List<String> after =
                names(new Foreign(new String[] {"stem", "net"}, linear(), new SequentialBlock().add(linear())));
        assertThat(after).containsAll(before);
    }

    @Test
    void whatIsUsedTwice_hasTheNameOfTheFirstPlace() {
        Linear shared = linear();
        assertThat(names(new Foreign(new String[] {"encoder", "decoder"}, shared, shared)))
                .containsExactly("encoder.weight", "encoder.bias");
        Parameter tied = shared.getParameters().valueAt(0);
        assertThat(new ParameterNames(new SequentialBlock().add(shared).add(shared)).of(tied))
                .isEqualTo("0.weight");
    }

    @Test
    void dotsAndDuplicates_areRefusedWhereALayerIsAddedToAModule() {
        assertThatThrownBy(() -> new Layers(Map.of("a.b", linear())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'a.b'")
                .hasMessageContaining("Name it 'a_b'");
        assertThatThrownBy(() -> new BoringModule() {
                    {
                        addChildBlock("a", linear());
                        addChildBlock("a", linear());
                    }
                })
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("two layers named 'a'");
        assertThatThrownBy(() -> new BoringModule() {
                    {
                        addChildBlock("a.b", linear(), new Shape(1, 2));
                    }
                })
                .hasMessageContaining("has a dot in its name");
    }

    private static final class Measured extends BoringModule {
        final MeanMetric mean = metric("mean", new MeanMetric());

        Measured(NDManager manager) {
            buffer("seen", manager.zeros(new Shape(1)));
        }
    }

    @Test
    void metricsAndBuffersOfModulesWithinOthers_areFoundWhereverTheyLie() {
        try (NDManager manager = NDManager.newBaseManager();
                Measured inner = new Measured(manager);
                LightningModule outer = new BoringModule() {
                    {
                        addChildBlock(
                                "net",
                                new SequentialBlock().add(Activation::relu).add(inner));
                        addChildBlock("again", inner);
                    }
                }) {
            assertThat(outer.metrics()).containsExactly(Map.entry("net.1.mean", inner.mean));
            assertThat(outer.buffers().keys()).containsExactly("net.1.seen");
        }
    }
}
