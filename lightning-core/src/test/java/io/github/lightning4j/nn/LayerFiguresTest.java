package io.github.lightning4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.lightning4j.fixture.Reference;
import io.github.lightning4j.fixture.TensorFigure;
import io.github.lightning4j.init.TorchInitializer;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.ModuleParameterStore;
import io.github.lightning4j.internal.torch.TorchRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every layer against torch's module of its name: names, initial values, outputs, gradients; and saved and loaded. */
class LayerFiguresTest {
    private static final JsonObject CASES =
            Reference.load(LayerFiguresTest.class, "torch-layers.json").getAsJsonObject("cases");

    private static final RecurrentOptions DEEP =
            RecurrentOptions.builder().layers(2).bidirectional().build();

    private static Map<String, Supplier<Block>> layers() {
        Map<String, Supplier<Block>> layers = new LinkedHashMap<>();
        layers.put("Embedding", () -> new Embedding(5, 3));
        layers.put("Embedding padding", () -> Embedding.withPadding(5, 3, 2));
        layers.put("LayerNorm", () -> new LayerNorm(4));
        layers.put("LayerNorm two axes", () -> new LayerNorm(1e-3, 3, 4));
        layers.put("RMSNorm", () -> new RMSNorm(1e-6, 4));
        layers.put("GroupNorm", () -> new GroupNorm(2, 4));
        layers.put("GroupNorm images", () -> new GroupNorm(4, 4, 1e-3));
        layers.put("PReLU", PReLU::new);
        layers.put("PReLU channels", () -> new PReLU(3));
        for (String kind : List.of("", " states")) {
            layers.put("LSTM" + kind, () -> new LSTM(2, 3));
            layers.put("GRU" + kind, () -> new GRU(2, 3));
            layers.put("RNN" + kind, () -> new RNN(2, 3));
        }
        for (String kind : List.of(" deep", " lengths", " states lengths")) {
            layers.put("LSTM" + kind, () -> new LSTM(2, 3, DEEP));
            layers.put("GRU" + kind, () -> new GRU(2, 3, DEEP));
            layers.put("RNN" + kind, () -> new RNN(2, 3, DEEP));
        }
        addAttention(layers);
        addDecoders(layers);
        addNormedWeights(layers);
        addImages(layers);
        return layers;
    }

    private static void addAttention(Map<String, Supplier<Block>> layers) {
        layers.put("Linear", () -> new Linear(3, 2));
        for (String kind : List.of("", " padding", " cross", " cross padding")) {
            layers.put("MultiheadAttention" + kind, () -> new MultiheadAttention(6, 2));
        }
        for (String kind : List.of(" mask", " mask heads padding", " added", " cross added heads padding")) {
            layers.put("MultiheadAttention" + kind, () -> new MultiheadAttention(6, 2));
        }
        for (String kind : List.of(" mask", " added")) {
            layers.put("MultiheadAttention causal" + kind, () -> MultiheadAttention.causal(6, 2, 0));
        }
        layers.put("SinusoidalPositionalEncoding", () -> new SinusoidalPositionalEncoding(6));
        layers.put("SinusoidalPositionalEncoding odd", () -> new SinusoidalPositionalEncoding(5));
        layers.put("LearnedPositionalEncoding", () -> new LearnedPositionalEncoding(7, 4));
        layers.put("TransformerEncoderLayer mask", () -> encoderLayer(options()));
        for (String kind : List.of("", " padding")) {
            layers.put("MultiheadAttention causal" + kind, () -> MultiheadAttention.causal(6, 2, 0));
            layers.put("TransformerEncoderLayer" + kind, () -> encoderLayer(options()));
        }
        layers.put(
                "TransformerEncoderLayer gelu first",
                () -> encoderLayer(options().gelu().normFirst()));
        layers.put(
                "TransformerEncoderLayer causal",
                () -> encoderLayer(options().causal().layerNormEps(1e-3)));
        layers.put(
                "TransformerEncoder",
                () -> new TransformerEncoder(2, 6, 2, options().build()));
        layers.put(
                "TransformerEncoder first",
                () -> new TransformerEncoder(
                        2, 6, 2, options().normFirst().causal().build()));
    }

    private static void addDecoders(Map<String, Supplier<Block>> layers) {
        for (String kind : List.of("", " padding")) {
            layers.put("TransformerDecoderLayer" + kind, () -> decoderLayer(decoderOptions()));
        }
        layers.put(
                "TransformerDecoderLayer masks",
                () -> decoderLayer(decoderOptions().gelu().normFirst()));
        layers.put(
                "TransformerDecoder",
                () -> new TransformerDecoder(2, 4, 2, decoderOptions().causal().build()));
        layers.put(
                "TransformerDecoder first",
                () -> new TransformerDecoder(
                        2, 4, 2, decoderOptions().normFirst().build()));
    }

    private static TransformerOptions.Builder decoderOptions() {
        return TransformerOptions.builder().feedforward(3).dropout(0);
    }

    private static Block decoderLayer(TransformerOptions.Builder options) {
        return new TransformerDecoderLayer(4, 2, options.build());
    }

    private static void addImages(Map<String, Supplier<Block>> layers) {
        layers.put("ConvTranspose1d", () -> new ConvTranspose1d(2, 3, 3));
        layers.put("ConvTranspose2d", () -> new ConvTranspose2d(2, 3, 3, 2, 1, 1));
        layers.put("InstanceNorm sequences", () -> new InstanceNorm(3));
        layers.put("InstanceNorm images", () -> new InstanceNorm(3, 1e-3));
        layers.put("PixelShuffle", () -> new PixelShuffle(2));
        layers.put("Upsample nearest", () -> Upsample.nearest(3));
        layers.put("Upsample bilinear", () -> Upsample.bilinear(2));
    }

    private static void addNormedWeights(Map<String, Supplier<Block>> layers) {
        layers.put("SpectralNorm linear", () -> new SpectralNorm(new Linear(3, 2)));
        layers.put("SpectralNorm conv", () -> new SpectralNorm(conv(), 2, 1e-12));
        layers.put("SpectralNorm transposed", () -> new SpectralNorm(new ConvTranspose1d(2, 3, 3)));
        layers.put("WeightNorm linear", () -> new WeightNorm(new Linear(3, 2)));
        layers.put("WeightNorm conv", () -> new WeightNorm(conv()));
        layers.put("Linear without bias", () -> Linear.withoutBias(3, 2));
    }

    private static Block conv() {
        return TorchInitializer.applyTo(
                Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(3).build());
    }

    private static TransformerOptions.Builder options() {
        return TransformerOptions.builder().feedforward(5).dropout(0);
    }

    private static Block encoderLayer(TransformerOptions.Builder options) {
        return new TransformerEncoderLayer(6, 2, options.build());
    }

    @Test
    void everyFigure_hasItsLayer() {
        assertThat(layers().keySet()).isEqualTo(CASES.keySet());
    }

    @TestFactory
    Stream<DynamicTest> everyLayer_hasTorchsOutputsAndGradients() {
        return each((name, make, manager) -> {
            for (DataType type : List.of(DataType.FLOAT64, DataType.FLOAT32)) {
                JsonObject figure = CASES.getAsJsonObject(name);
                NDList inputs = arrays(manager, figure.get("inputs"), type);
                Block layer = initialized(make.get(), manager, type, inputs);
                setValues(layer, figure, manager, type);
                assertFigure(name, layer, figure, inputs, manager, type);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> everyLayer_startsWithTheNumbersOfTorch() {
        return each((name, make, manager) -> {
            JsonObject figure = CASES.getAsJsonObject(name);
            if (figure.get("initial").isJsonNull()) {
                return;
            }
            TorchRandom.seed(7);
            Block layer = initialized(
                    make.get(), manager, DataType.FLOAT32, arrays(manager, figure.get("inputs"), DataType.FLOAT32));
            JsonObject initial = figure.getAsJsonObject("initial");
            Map<String, Parameter> own = named(layer);
            assertThat(own.keySet()).as("names in torch's order").containsExactlyElementsOf(initial.keySet());
            own.forEach((path, parameter) -> assertThat(parameter.getArray().toFloatArray())
                    .as(path)
                    .containsExactly(
                            Reference.floats(initial.get(path)), within(parameter.requiresGradient() ? 0 : 1e-6f)));
        });
    }

    @TestFactory
    Stream<DynamicTest> everyLayer_savedAndLoaded_computesTheSame() {
        return each((name, make, manager) -> {
            NDList inputs = arrays(manager, CASES.getAsJsonObject(name).get("inputs"), DataType.FLOAT32);
            Block saved = initialized(make.get(), manager, DataType.FLOAT32, inputs);
            Block loaded = reload(saved, make.get(), manager);
            NDList expected = forward(saved, inputs, manager, false);
            NDList again = forward(loaded, inputs, manager, false);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(again.get(i).toFloatArray())
                        .containsExactly(expected.get(i).toFloatArray());
            }
        });
    }

    private static Block reload(Block saved, Block target, NDManager manager)
            throws IOException, MalformedModelException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        saved.saveParameters(new DataOutputStream(bytes));
        target.loadParameters(manager, new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        return target;
    }

    private static void assertFigure(
            String name, Block layer, JsonObject figure, NDList inputs, NDManager manager, DataType type) {
        List<JsonElement> inputGradients =
                figure.getAsJsonArray("inputGradients").asList();
        for (int i = 0; i < inputs.size(); i++) {
            inputs.get(i).setRequiresGradient(!inputGradients.get(i).isJsonNull());
        }
        NDList weights = arrays(manager, figure.get("weights"), type);
        List<TensorFigure> outputs = TensorFigure.listOf(figure.get("outputs"));
        assertThat(layer.getOutputShapes(inputs.getShapes()))
                .containsExactly(outputs.stream().map(TensorFigure::shape).toArray(Shape[]::new));
        try (GradMode recording = GradMode.recording()) {
            NDList seen = forward(layer, inputs, manager, true);
            assertThat(seen).hasSameSizeAs(outputs);
            NDArray loss = manager.zeros(new Shape(), type);
            for (int i = 0; i < seen.size(); i++) {
                outputs.get(i).assertEquals("output " + i + " of " + name, seen.get(i));
                loss = loss.add(seen.get(i).mul(weights.get(i)).sum());
            }
            GradMode.backward(loss);
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (!inputGradients.get(i).isJsonNull()) {
                TensorFigure.of(inputGradients.get(i))
                        .assertEquals("gradient of input " + i, inputs.get(i).getGradient());
            }
        }
        JsonObject gradients = figure.getAsJsonObject("parameterGradients");
        named(layer).forEach((path, parameter) -> {
            if (parameter.requiresGradient()) {
                TensorFigure.of(gradients.get(path))
                        .assertEquals(
                                "gradient of " + path, parameter.getArray().getGradient());
            } else {
                TensorFigure.of(figure.getAsJsonObject("buffersAfter").get(path))
                        .assertEquals(path + " afterwards", parameter.getArray());
            }
        });
        NDList evaluated = forward(layer, inputs, manager, false);
        for (int i = 0; i < evaluated.size(); i++) {
            outputs.get(i).assertEquals("evaluated output " + i, evaluated.get(i));
        }
    }

    private static NDList forward(Block layer, NDList inputs, NDManager manager, boolean training) {
        ParameterStore store = new ModuleParameterStore(manager);
        return layer.forward(store, inputs, training);
    }

    private static Block initialized(Block layer, NDManager manager, DataType type, NDList inputs) {
        layer.initialize(manager, type, inputs.getShapes());
        assertThat(layer.isInitialized()).isTrue();
        return layer;
    }

    private static void setValues(Block layer, JsonObject figure, NDManager manager, DataType type) {
        JsonObject values = figure.getAsJsonObject("parameters");
        named(layer).forEach((path, parameter) -> {
            NDArray array = TensorFigure.of(values.get(path)).toArray(manager, type);
            array.setRequiresGradient(parameter.requiresGradient());
            parameter.close();
            parameter.setShape(null);
            parameter.setArray(array);
        });
    }

    private static Map<String, Parameter> named(Block block) {
        Map<String, Parameter> named = new LinkedHashMap<>();
        block.getDirectParameters().forEach(pair -> named.put(pair.getKey(), pair.getValue()));
        for (Pair<String, Block> child : block.getChildren()) {
            named(child.getValue())
                    .forEach((path, parameter) ->
                            named.put(child.getKey().replaceFirst("^\\d+", "") + "." + path, parameter));
        }
        return named;
    }

    private static NDList arrays(NDManager manager, JsonElement figures, DataType type) {
        NDList list = new NDList();
        TensorFigure.listOf(figures).forEach(figure -> list.add(figure.toArray(manager, type)));
        return list;
    }

    private static Stream<DynamicTest> each(Check check) {
        return layers().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    try (NDManager manager = NDManager.newBaseManager()) {
                        check.run(entry.getKey(), entry.getValue(), manager);
                    }
                }));
    }

    private interface Check {
        void run(String name, Supplier<Block> make, NDManager manager) throws Exception;
    }
}
