package io.github.lightning4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Inference;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.checkpoint.onnx.OnnxWeights;
import io.github.lightning4j.fixture.Reference;
import io.github.lightning4j.optim.SGD;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsFileTest {
    private static final List<String> FILES = List.of(
            "encoder.safetensors",
            "encoder-00001-of-00002.safetensors",
            "encoder-00002-of-00002.safetensors",
            "encoder.safetensors.index.json",
            "encoder.onnx");

    private final float[] expected = Reference.floats(
            Reference.load(WeightsFileTest.class, "encoder.json").get("output"));

    @TempDir
    Path folder;

    private final NDManager manager = NDManager.newBaseManager("PyTorch");

    /** The network of the files. */
    private static class Encoder extends LightningModule {
        private final Block dense =
                addChildBlock("dense", Linear.builder().setUnits(5).build(), new Shape(1, 3, 3));
        private final Block plain = addChildBlock(
                "plain", Linear.builder().setUnits(4).optBias(false).build(), new Shape(1, 3, 5));
        private final Block norm =
                addChildBlock("norm", LayerNorm.builder().axis(2).build(), new Shape(1, 3, 4));
        private final Block head =
                addChildBlock("head", Linear.builder().setUnits(2).build(), new Shape(1, 4));

        Encoder() {
            initialize(Device.cpu(), DataType.FLOAT32, new Shape(1, 3, 3));
        }

        @Override
        public NDList forward(NDList inputs) {
            NDList hidden = new NDList(call(dense, inputs).head().tanh());
            NDList normed = call(
                    norm,
                    new NDList(call(plain, hidden).head().getNDArrayInternal().relu()));
            return call(head, new NDList(normed.head().mean(new int[] {1})));
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            return forward(batch.getData()).head().mean();
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0.1).build();
        }

        float[] output(NDManager manager) {
            float[] values = new float[18];
            for (int i = 0; i < values.length; i++) {
                values[i] = -1 + 2f * i / (values.length - 1);
            }
            try (Inference inference = inference()) {
                return inference
                        .forward(new NDList(manager.create(values, new Shape(2, 3, 3))))
                        .head()
                        .toFloatArray();
            }
        }
    }

    @BeforeEach
    void copyFiles() throws IOException {
        for (String file : FILES) {
            try (var in = Objects.requireNonNull(WeightsFileTest.class.getResourceAsStream(file), file)) {
                Files.copy(in, folder.resolve(file));
            }
        }
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder.safetensors", "encoder.safetensors.index.json", ".", "encoder.onnx"})
    void weightsOfTorch_giveTorchsOutputWithoutAMap(String path) {
        try (Encoder module = new Encoder();
                WeightsFile weights = open(path)) {
            assertThat(weights.restoreInto(module).matching()).hasSize(7);
            assertThat(module.output(manager)).containsExactly(expected, within(1e-6f));
        }
    }

    private WeightsFile open(String path) {
        Path file = folder.resolve(path);
        return path.endsWith("onnx") ? OnnxWeights.open(file) : Checkpoint.openWeights(file);
    }

    @Test
    void exportedWeights_areReadBackAndHaveTorchsNames() {
        Path file = folder.resolve("ours.safetensors");
        try (Encoder module = new Encoder();
                Encoder copy = new Encoder()) {
            Weights.exportTorch(module, file);
            try (WeightsFile weights = Checkpoint.openWeights(file);
                    WeightsFile torchs = open("encoder.safetensors")) {
                assertThat(weights.tensors()).isEqualTo(torchs.tensors());
                weights.restoreInto(copy);
            }
            assertThat(copy.output(manager)).isEqualTo(module.output(manager));
        }
    }

    @Test
    void countOfBatches_whichDjlsBatchNormHasNot_isNotMissed() {
        Path file = folder.resolve("counted.safetensors");
        try (Encoder module = new Encoder()) {
            StateTreeWriter state = new StateTreeWriter();
            Weights.save(module, state);
            state.putTensor("model/norm.num_batches_tracked", manager.create(7L));
            CheckpointWriter.direct().write(file, state);
            try (WeightsFile weights = Checkpoint.openWeights(file)) {
                assertThat(weights.restoreInto(module).isExact()).isTrue();
            }
        }
    }

    @Test
    void checkpoints_areWeightsFilesToo() {
        Path file = folder.resolve("checkpoint.safetensors");
        try (Encoder module = new Encoder();
                Encoder copy = new Encoder()) {
            StateTreeWriter state = new StateTreeWriter();
            Weights.save(module, state);
            CheckpointWriter.direct().write(file, state);
            try (WeightsFile weights = Checkpoint.openWeights(file)) {
                weights.restoreInto(copy);
            }
            assertThat(copy.output(manager)).isEqualTo(module.output(manager));
        }
    }

    @Test
    void names_areAppliedInOrder() {
        try (WeightsFile weights = open("encoder.safetensors")) {
            assertThat(weights.tensors(
                            Names.skip("head\\..*"),
                            Names.prefix("", "bert."),
                            Names.pattern("\\.(dense|plain)\\.", ".$1.0."),
                            Names.of(Map.of("bert.norm.bias", "b")),
                            Names.of(name -> name.toUpperCase(java.util.Locale.ROOT)),
                            Names.transpose("BERT\\.DENSE\\.0\\.WEIGHT")))
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "BERT.DENSE.0.WEIGHT", "float32 (3, 5)",
                            "BERT.DENSE.0.BIAS", "float32 (5)",
                            "BERT.PLAIN.0.WEIGHT", "float32 (4, 5)",
                            "BERT.NORM.WEIGHT", "float32 (4)",
                            "B", "float32 (4)"));
        }
    }

    @Test
    void transposedTwice_isAsBefore_andATransposedMatrixHasItsElementsExchanged() {
        try (Encoder module = new Encoder();
                WeightsFile weights = open("encoder.safetensors")) {
            Names twice = Names.transpose(".*dense.weight");
            weights.restoreInto(module, twice, twice);
            assertThat(module.output(manager)).containsExactly(expected, within(1e-6f));
            WeightsMatch match = weights.match(module, twice);
            assertThat(match.different()).containsExactly("dense.weight: saved float32 (3, 5), here float32 (5, 3)");
        }
    }

    @Test
    void whatDoesNotMatch_isReportedWithTheReason_andNothingIsChanged() {
        try (Encoder module = new Encoder();
                WeightsFile weights = open("encoder.safetensors")) {
            float[] before = module.output(manager);
            assertThatThrownBy(() -> weights.restoreInto(module, Names.prefix("head", "classifier")))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("Missing in the file: head.weight float32 (2, 4); head.bias float32 (2)")
                    .hasMessageContaining(
                            "Only in the file: classifier.bias float32 (2); classifier.weight float32 (2, 4)")
                    .hasMessageContaining("Names")
                    .hasMessageContaining("restoreMatchingInto");
            assertThat(module.output(manager)).isEqualTo(before);
            WeightsMatch match = weights.restoreMatchingInto(module, Names.prefix("head", "classifier"));
            assertThat(match.matching()).hasSize(5);
            assertThat(match.missing()).hasSize(2);
            assertThat(match.unexpected()).hasSize(2);
        }
    }

    @Test
    void wrongNames_areRefused() {
        try (Encoder module = new Encoder();
                WeightsFile weights = open("encoder.safetensors")) {
            assertThatThrownBy(() -> weights.restoreInto(module, Names.of(name -> "same")))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("'dense.bias' and 'dense.weight'")
                    .hasMessageContaining("'same'");
            assertThatThrownBy(() -> weights.restoreInto(module, Names.transpose(".*bias")))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("only matrices");
            assertThatThrownBy(() -> Names.skip("("))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("no regular expression");
        }
    }

    @Test
    void filesThatAreNone_areRefused() throws IOException {
        Path shard = folder.resolve("encoder-00002-of-00002.safetensors");
        Files.delete(shard);
        assertThatThrownBy(() -> open("encoder.safetensors.index.json"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(shard.getFileName().toString());
        write("outside.safetensors.index.json", "{\"weight_map\": {\"a\": \"../other.safetensors\"}}");
        assertThatThrownBy(() -> open("outside.safetensors.index.json")).hasMessageContaining("lie beside it");
        write("empty.safetensors.index.json", "{}");
        assertThatThrownBy(() -> open("empty.safetensors.index.json")).hasMessageContaining("weight_map");
        assertThatThrownBy(() -> open(".")).hasMessageContaining("Name one of them");
        Path none = Files.createDirectory(folder.resolve("none"));
        assertThatThrownBy(() -> Checkpoint.openWeights(none)).hasMessageContaining("holds no *.safetensors");
        for (String text : new String[] {"", "no model", "\n\n\n\n"}) {
            write("text.onnx", text);
            assertThatThrownBy(() -> open("text.onnx")).as("'%s'", text).isInstanceOf(CheckpointException.class);
        }
        assertThatThrownBy(() -> open("missing.onnx")).hasMessageContaining("There is no file");
    }

    private void write(String file, String text) throws IOException {
        Files.write(folder.resolve(file), text.getBytes(StandardCharsets.UTF_8));
    }
}
