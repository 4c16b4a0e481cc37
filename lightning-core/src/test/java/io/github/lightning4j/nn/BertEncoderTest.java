package io.github.lightning4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import com.google.gson.JsonObject;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.ParameterNames;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.Names;
import io.github.lightning4j.checkpoint.WeightsFile;
import io.github.lightning4j.fixture.Reference;
import io.github.lightning4j.fixture.TensorFigure;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.ModuleParameterStore;
import io.github.lightning4j.internal.torch.TorchRandom;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The encoder against Hugging Face's, on a small model that transformers wrote. */
class BertEncoderTest {
    private static final JsonObject CASES = Reference.load(BertEncoderTest.class, "bert.json");

    @TempDir
    Path folder;

    private final NDManager manager = NDManager.newBaseManager("PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @EnumSource(Pooling.class)
    void modelOfTransformers_givesItsOutputsAndGradients(Pooling pooling) {
        for (DataType type : List.of(DataType.FLOAT64, DataType.FLOAT32)) {
            JsonObject figure = CASES.getAsJsonObject(pooling.name());
            BertEncoder encoder = ofTransformers(pooling, type);
            NDList inputs = new NDList();
            TensorFigure.listOf(figure.get("inputs")).forEach(input -> inputs.add(input.toArray(manager, type)));
            TensorFigure expected = TensorFigure.of(figure.get("output"));

            try (GradMode recording = GradMode.recording()) {
                NDArray output = forward(encoder, inputs, true);
                expected.assertEquals("output", output);
                GradMode.backward(
                        output.mul(TensorFigure.of(figure.get("weights")).toArray(manager, type))
                                .sum());
            }
            JsonObject gradients = figure.getAsJsonObject("gradients");
            ParameterNames.of(encoder)
                    .forEach(pair -> TensorFigure.of(gradients.get(pair.getKey()))
                            .assertEquals(
                                    pair.getKey(), pair.getValue().getArray().getGradient()));
            expected.assertEquals("evaluated output", forward(encoder, inputs, false));
            assertThat(encoder.getOutputShapes(inputs.getShapes())).containsExactly(expected.shape());
        }
    }

    private BertEncoder ofTransformers(Pooling pooling, DataType type) {
        BertEncoder encoder = new BertEncoder(BertConfig.read(resource("bert/config.json")), pooling);
        encoder.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
        try (WeightsFile weights = Checkpoint.openWeights(resource("bert/model.safetensors"))) {
            weights.restoreInto(encoder, Names.skip("pooler\\..*"));
        }
        for (Parameter parameter : encoder.getParameters().values()) {
            NDArray array = parameter.getArray().toType(type, true);
            array.setRequiresGradient(true);
            parameter.close();
            parameter.setShape(null);
            parameter.setArray(array);
        }
        return encoder;
    }

    private NDArray forward(BertEncoder encoder, NDList inputs, boolean training) {
        return encoder.forward(new ModuleParameterStore(manager), inputs, training)
                .head();
    }

    private static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(BertEncoderTest.class.getResource(name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void maskOfBooleans_isOneOfNumbers() {
        BertEncoder encoder = ofTransformers(Pooling.MEAN, DataType.FLOAT32);
        NDArray ids = manager.create(new long[][] {{3, 4, 0}, {5, 0, 0}});
        NDArray mask = manager.create(new long[][] {{1, 1, 0}, {1, 0, 0}});

        assertThat(forward(encoder, new NDList(ids, mask.toType(DataType.BOOLEAN, true)), false)
                        .toFloatArray())
                .isEqualTo(forward(encoder, new NDList(ids, mask), false).toFloatArray());
    }

    @Test
    void firstWeights_areOfTheConfiguredDeviation() {
        TorchRandom.seed(1);
        BertEncoder encoder = new BertEncoder(BertConfig.of(64, 1, 2, 128, 500), Pooling.CLS);
        encoder.initialize(manager, DataType.FLOAT32, new Shape(1, 4));

        ParameterNames.of(encoder).forEach(pair -> {
            NDArray array = pair.getValue().getArray();
            boolean norm = pair.getKey().contains("LayerNorm");
            if (pair.getKey().endsWith("bias")) {
                assertThat(array.abs().max().getFloat()).as(pair.getKey()).isZero();
            } else if (norm) {
                assertThat(array.min().getFloat())
                        .isEqualTo(array.max().getFloat())
                        .isEqualTo(1);
            } else {
                assertThat(array.square().mean().sqrt().getFloat())
                        .as(pair.getKey())
                        .isBetween(0.015f, 0.025f);
            }
        });
        NDArray words = encoder.getParameters().valueAt(0).getArray();
        assertThat(words.get(0).abs().max().getFloat()).isZero();
    }

    @Test
    void dropout_dropsInTrainingAlone() {
        BertEncoder encoder = new BertEncoder(BertConfig.of(8, 1, 2, 8, 10).withDropout(0.5), Pooling.MEAN);
        encoder.initialize(manager, DataType.FLOAT32, new Shape(1, 3));
        NDList inputs = new NDList(manager.create(new long[][] {{1, 2, 3}}));

        assertThat(forward(encoder, inputs, false)).isEqualTo(forward(encoder, inputs, false));
        assertThat(forward(encoder, inputs, true)).isNotEqualTo(forward(encoder, inputs, true));
    }

    @Test
    void wrongInputs_areNamed() {
        BertEncoder encoder = ofTransformers(Pooling.NONE, DataType.FLOAT32);
        NDArray ids = manager.create(new long[][] {{1, 2}});

        assertThatThrownBy(() -> forward(encoder, new NDList(ids, manager.create(new long[] {1, 1})), false))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("attention_mask");
        assertThatThrownBy(() -> forward(encoder, new NDList(manager.create(new long[] {1})), false))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("(texts, tokens)");
        assertThatThrownBy(() -> forward(encoder, new NDList(manager.zeros(new Shape(1, 10), DataType.INT64)), false))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("10 tokens, but knows 9 positions");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
                    {}                                                            | no field 'hidden_size'
                    {"model_type": "gpt2"}                                        | model_type
                    {"position_embedding_type": "relative_key"}                   | position_embedding_type
                    {"hidden_size": "x"}                                          | hidden_size
                    {"hidden_size": 5, "num_attention_heads": 2, "num_hidden_layers": 1, "intermediate_size": 1, "vocab_size": 1} | a multiple of num_attention_heads, 2
                    {"hidden_size": 4, "num_attention_heads": 2, "num_hidden_layers": 1, "intermediate_size": 1, "vocab_size": 1, "hidden_act": "selu"} | hidden_act is 'selu'
                    {"hidden_size": 4, "num_attention_heads": 2, "num_hidden_layers": 0, "intermediate_size": 1, "vocab_size": 1} | num_hidden_layers is 0
                    [                                                             | cannot be read as JSON
                    """)
    void wrongConfig_isNamed(String json, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("config.json"), json);

        assertThatThrownBy(() -> BertConfig.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message);
    }

    @Test
    void fieldsLeftOut_haveTheDefaultsOfBert() throws IOException {
        Path file = Files.writeString(
                folder.resolve("config.json"),
                "{\"hidden_size\": 4, \"num_attention_heads\": 2, \"num_hidden_layers\": 1, \"intermediate_size\": 3,"
                        + " \"vocab_size\": 7}");

        assertThat(BertConfig.read(file)).isEqualTo(BertConfig.of(4, 1, 2, 3, 7));
        assertThatThrownBy(() -> BertConfig.read(folder.resolve("none.json")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("There is no file");
    }
}
