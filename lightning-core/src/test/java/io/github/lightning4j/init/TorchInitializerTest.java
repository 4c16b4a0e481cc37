package io.github.lightning4j.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.embedding.TrainableWordEmbedding;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv1dTranspose;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv2dTranspose;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.core.LinearCollection;
import ai.djl.nn.core.Multiplication;
import ai.djl.nn.core.Prelu;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.GhostBatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.recurrent.RNN;
import ai.djl.nn.transformer.BertBlock;
import ai.djl.nn.transformer.ScaledDotProductAttentionBlock;
import com.google.gson.JsonObject;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.fixture.Reference;
import io.github.lightning4j.internal.torch.TorchRandom;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TorchInitializerTest {
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void everyLayer_afterOneSeed_startsWithTheNumbersOfTorch() {
        JsonObject layers = Reference.load(getClass(), "torch-init.json").getAsJsonObject("layers");
        TorchRandom.seed(7);
        assertEqualsTorch(linear(2), new Shape(1, 3), layers.getAsJsonObject("linear"));
        assertEqualsTorch(
                Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(3).build(),
                new Shape(1, 2, 5, 5),
                layers.getAsJsonObject("conv2d"));
        assertEqualsTorch(
                Conv1d.builder()
                        .setKernelShape(new Shape(2))
                        .setFilters(2)
                        .optBias(false)
                        .build(),
                new Shape(1, 4, 5),
                layers.getAsJsonObject("conv1d"));
        assertEqualsTorch(
                LSTM.builder().setStateSize(4).setNumLayers(2).build(),
                new Shape(1, 6, 3),
                layers.getAsJsonObject("lstm"));
        assertEqualsTorch(
                GRU.builder().setStateSize(3).setNumLayers(1).build(),
                new Shape(1, 6, 2),
                layers.getAsJsonObject("gru"));
        assertEqualsTorch(
                RNN.builder()
                        .setStateSize(3)
                        .setNumLayers(1)
                        .setActivation(RNN.Activation.TANH)
                        .build(),
                new Shape(1, 6, 2),
                layers.getAsJsonObject("rnn"));
        assertEqualsTorch(embedding(9, 4), new Shape(1), layers.getAsJsonObject("embedding"));
        assertEqualsTorch(linear(5), new Shape(1, 20), layers.getAsJsonObject("wide"));
    }

    @Test
    void applyTo_walksTheTreeAndLeavesNormsAlone() {
        SequentialBlock inner =
                new SequentialBlock().add(linear(30)).add(BatchNorm.builder().build());
        SequentialBlock net = new SequentialBlock()
                .add(linear(40))
                .add(Activation.reluBlock())
                .add(inner);

        assertThat(TorchInitializer.applyTo(net)).isSameAs(net);
        net.initialize(manager, DataType.FLOAT32, new Shape(1, 1000));

        assertUniform(net.getParameters().valueAt(0).getArray(), 1 / Math.sqrt(1000));
        assertThat(net.getParameters().valueAt(1).getArray().abs().max().getFloat())
                .as("bias of the first layer")
                .isPositive()
                .isLessThanOrEqualTo((float) (1 / Math.sqrt(1000)));
        assertUniform(net.getParameters().valueAt(2).getArray(), 1 / Math.sqrt(40));
        assertThat(net.getParameters()
                        .get("03SequentialBlock_02BatchNorm_gamma")
                        .getArray()
                        .toFloatArray())
                .containsOnly(1f);
    }

    @Test
    void everyLayerOfDjlWithParameters_startsAsInTorchOrIsRefused() {
        assertBound(linear(60), new Shape(1, 50), 1 / Math.sqrt(50));
        assertBound(
                Conv1d.builder().setKernelShape(new Shape(3)).setFilters(60).build(),
                new Shape(1, 20, 9),
                1 / Math.sqrt(20 * 3));
        assertBound(
                Conv2d.builder()
                        .setKernelShape(new Shape(3, 3))
                        .setFilters(60)
                        .optGroups(2)
                        .build(),
                new Shape(1, 20, 9, 9),
                1 / Math.sqrt(10 * 9));
        assertBound(
                Conv3d.builder()
                        .setKernelShape(new Shape(2, 2, 2))
                        .setFilters(60)
                        .build(),
                new Shape(1, 20, 9, 9, 9),
                1 / Math.sqrt(20 * 8));
        assertBound(LinearCollection.builder().setUnits(60).build(), new Shape(2, 3, 50), 1 / Math.sqrt(50));
        assertBound(LSTM.builder().setStateSize(40).setNumLayers(1).build(), new Shape(1, 6, 30), 1 / Math.sqrt(40));
        assertBound(GRU.builder().setStateSize(40).setNumLayers(1).build(), new Shape(1, 6, 30), 1 / Math.sqrt(40));
        assertConstant(new Prelu(), new Shape(1, 3), 0.25f);
        assertConstant(LayerNorm.builder().build(), new Shape(1, 3), 1, 0);
        assertConstant(BatchNorm.builder().build(), new Shape(1, 3), 1, 0, 0, 1);
        assertConstant(GhostBatchNorm.builder().build(), new Shape(1, 3), 1, 0, 0, 1);
        for (Block unlike : List.of(
                Conv1dTranspose.builder()
                        .setKernelShape(new Shape(3))
                        .setFilters(2)
                        .build(),
                Conv2dTranspose.builder()
                        .setKernelShape(new Shape(3, 3))
                        .setFilters(2)
                        .build(),
                Multiplication.builder().setUnits(2).build(),
                BertBlock.builder().nano().setTokenDictionarySize(5).build())) {
            assertThatThrownBy(() -> TorchInitializer.applyTo(new SequentialBlock().add(unlike)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(" of " + unlike.getClass().getSimpleName() + ": ");
        }
    }

    @Test
    void attention_startsAsInTorch() {
        ScaledDotProductAttentionBlock attention = ScaledDotProductAttentionBlock.builder()
                .setEmbeddingSize(60)
                .setHeadCount(2)
                .build();
        TorchInitializer.applyTo(attention).initialize(manager, DataType.FLOAT32, new Shape(1, 5, 60));
        attention.getParameters().forEach(pair -> {
            NDArray array = pair.getValue().getArray();
            if (pair.getKey().endsWith("bias")) {
                assertThat(array.toFloatArray()).as(pair.getKey()).containsOnly(0f);
            } else {
                boolean last = pair.getKey().contains("resultProjection");
                assertUniform(array, last ? 1 / Math.sqrt(60) : Math.sqrt(6.0 / (4 * 60)));
            }
        });
    }

    private void assertBound(Block layer, Shape input, double bound) {
        TorchInitializer.applyTo(layer).initialize(manager, DataType.FLOAT32, input);
        assertUniform(layer.getParameters().valueAt(0).getArray(), bound);
        layer.getParameters()
                .values()
                .forEach(
                        parameter -> assertThat(parameter.getArray().abs().max().getFloat())
                                .isPositive()
                                .isLessThanOrEqualTo((float) bound));
    }

    private void assertConstant(Block layer, Shape input, float... values) {
        TorchInitializer.applyTo(layer).initialize(manager, DataType.FLOAT32, input);
        assertThat(layer.getParameters()).hasSize(values.length);
        for (int i = 0; i < values.length; i++) {
            assertThat(layer.getParameters().valueAt(i).getArray().toFloatArray())
                    .containsOnly(values[i]);
        }
    }

    @Test
    void setInitializer_onWeightsAlone_drawsThemAsTorchAndLeavesBiasesAtZero() {
        Linear layer = linear(50);
        layer.setInitializer(new TorchInitializer(), Parameter.Type.WEIGHT);
        layer.initialize(manager, DataType.FLOAT32, new Shape(1, 784));

        assertUniform(layer.getParameters().get("weight").getArray(), 1 / Math.sqrt(784));
        assertThat(layer.getParameters().get("bias").getArray().toFloatArray()).containsOnly(0f);
    }

    @Test
    void initializer_forAShapeWithoutInputs_saysWhatToUse() {
        assertThatThrownBy(() -> new TorchInitializer().initialize(manager, new Shape(3), DataType.FLOAT32))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(3)")
                .hasMessageContaining("applyTo");
    }

    private void assertEqualsTorch(Block layer, Shape input, JsonObject expected) {
        TorchInitializer.applyTo(layer).initialize(manager, DataType.FLOAT32, input);
        assertThat(layer.getParameters()).hasSize(expected.size());
        int i = 0;
        for (String name : expected.keySet()) {
            assertThat(layer.getParameters().valueAt(i++).getArray().toFloatArray())
                    .as(layer.getClass().getSimpleName() + " " + name)
                    .containsExactly(Reference.floats(expected.get(name)));
        }
    }

    private static void assertUniform(NDArray array, double bound) {
        float[] values = array.toFloatArray();
        double sum = 0;
        double squares = 0;
        for (float value : values) {
            assertThat((double) value).isBetween(-bound, bound);
            sum += value;
            squares += (double) value * value;
        }
        double deviation = bound / Math.sqrt(3);
        assertThat(sum / values.length).isCloseTo(0, within(5 * deviation / Math.sqrt(values.length)));
        assertThat(Math.sqrt(squares / values.length)).isCloseTo(deviation, within(0.05 * deviation));
    }

    private static Linear linear(int units) {
        return Linear.builder().setUnits(units).build();
    }

    private static TrainableWordEmbedding embedding(int items, int size) {
        List<String> words =
                IntStream.range(0, items).mapToObj(Integer::toString).toList();
        return new TrainableWordEmbedding(new DefaultVocabulary(words), size);
    }
}
