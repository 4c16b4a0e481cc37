package io.github.lightning4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.nn.BertConfig;
import io.github.lightning4j.nn.BertEncoder;
import io.github.lightning4j.nn.Embedding;
import io.github.lightning4j.nn.Linear;
import io.github.lightning4j.nn.Pooling;
import io.github.lightning4j.nn.TransformerEncoder;
import io.github.lightning4j.nn.TransformerOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Groups that one call of the builder makes. */
class GroupsTest {
    private final Encoder module = new Encoder();

    GroupsTest() {
        module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(1, 2));
    }

    @AfterEach
    void close() {
        module.close();
    }

    private static final class Encoder extends LightningModule {
        Encoder() {
            addChildBlock("embedding", new Embedding(5, 4));
            addChildBlock(
                    "encoder",
                    new TransformerEncoder(
                            2, 4, 2, TransformerOptions.builder().feedforward(3).build()));
            addChildBlock(
                    "head",
                    new SequentialBlock()
                            .add(new Linear(4, 4))
                            .add(Activation::relu)
                            .add(new Linear(4, 2)),
                    new Shape(1, 2, 4));
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            return null;
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return AdamW.builder(parameters()).build();
        }
    }

    private static List<String> names(Optimizer optimizer) {
        return optimizer.paramGroups().stream().map(ParamGroup::name).toList();
    }

    @Test
    void layerwiseLr_fallsFromTheOutputToTheInput() {
        try (Optimizer adam = AdamW.builder(module.parameters())
                .layerwiseLr(module, 0.5)
                .lr(0.1)
                .build()) {
            assertThat(names(adam))
                    .containsExactly("pg1_layer_0", "pg1_layer_1", "pg1_layer_2", "pg1_layer_3", "pg1_layer_4");
            double[] expected = {0.1 / 16, 0.1 / 8, 0.1 / 4, 0.1 / 2, 0.1};
            assertThat(adam.paramGroups().stream().mapToDouble(ParamGroup::lr).toArray())
                    .containsExactly(expected, within(1e-15));
            assertThat(adam.paramGroups().get(0).parameterNames()).containsExactly("embedding.weight");
            assertThat(adam.paramGroups().get(2).parameterNames())
                    .hasSize(12)
                    .allMatch(name -> name.startsWith("encoder.layers.1."));
            assertThat(adam.paramGroups().get(4).parameterNames()).containsExactly("head.2.weight", "head.2.bias");
        }
    }

    @Test
    void layerwiseLrOfAPart_leavesTheRest_andGoesWithDecayOfWeightsOnly() {
        try (Optimizer adam = AdamW.builder(module.parameters())
                .lr(0.1)
                .layerwiseLr(module.getChildren().get("02encoder"), 0.5)
                .decayWeightsOnly()
                .build()) {
            assertThat(names(adam))
                    .containsExactly(
                            "pg1",
                            "pg1_no_decay",
                            "pg1_layer_0",
                            "pg1_layer_0_no_decay",
                            "pg1_layer_1",
                            "pg1_layer_1_no_decay");
            assertThat(adam.paramGroups().get(1).parameterNames()).containsExactly("head.0.bias", "head.2.bias");
            assertThat(adam.paramGroups().get(2).lr()).isEqualTo(0.05);
        }
    }

    @Test
    void layersOfAnEncoderOfText_areCountedThrough() {
        BertEncoder encoder = new BertEncoder(BertConfig.of(4, 2, 2, 3, 5), Pooling.MEAN);
        try (Optimizer adam = AdamW.builder(encoder.getParameters())
                .lr(0.1)
                .layerwiseLr(encoder, 0.5)
                .build()) {
            assertThat(adam.paramGroups().stream().map(ParamGroup::lr)).containsExactly(0.025, 0.05, 0.1);
        }
    }

    @Test
    void groupByPredicate_takesItsParametersFromTheOthers() {
        try (Optimizer adam = AdamW.builder(module.parameters())
                .lr(1e-5)
                .group("head", (name, parameter) -> name.startsWith("head."))
                .lr(1e-3)
                .group("biases", (name, parameter) -> name.endsWith("bias"))
                .weightDecay(0)
                .build()) {
            assertThat(names(adam)).containsExactly("pg1", "head", "biases");
            assertThat(adam.paramGroups().get(0).parameterNames())
                    .noneMatch(name -> name.startsWith("head.") || name.endsWith("bias"));
            assertThat(adam.paramGroups().get(1).parameterNames()).containsExactly("head.0.weight", "head.2.weight");
            assertThat(adam.paramGroups().get(1).lr()).isEqualTo(1e-3);
            assertThat(adam.paramGroups().get(2).parameterNames())
                    .contains("head.0.bias", "encoder.layers.0.norm1.bias");
        }
    }

    @Test
    void predicatesThatChooseNoneOrAll_areRefused() {
        assertThatThrownBy(() -> AdamW.builder(module.parameters()).group("none", (name, parameter) -> false))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'none'");
        assertThatThrownBy(() -> AdamW.builder(module.parameters()).group("all", (name, parameter) -> true))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("would take all parameters of group 'pg1'");
        assertThatThrownBy(() -> AdamW.builder(module.parameters()).layerwiseLr(module, 0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("decay of layerwiseLr is 0.0");
    }
}
