package io.github.lightning4j.guide;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Inference;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.Weights;
import io.github.lightning4j.checkpoint.WeightsFile;
import io.github.lightning4j.checkpoint.WeightsMatch;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.GuideBlocks;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the Java blocks of docs/fine-tuning.md, which are parts of this class and of those it uses. */
class FineTuningGuideTest {
    @TempDir
    private Path folder;

    @Test
    void blocksOfTheGuide_arePartsOfTheseClasses() throws IOException {
        GuideBlocks.assertArePartOf("fine-tuning.md", getClass(), FineTuned.class, TextGuideTest.class, Topics.class);
    }

    @Test
    void weightsOfACheckpoint_fillEverythingButTheNewHead() {
        Path file = pretrained();
        try (FineTuned module = new FineTuned(3)) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(1, 8));
            try (WeightsFile pretrained = Checkpoint.openWeights(file)) {
                WeightsMatch match = pretrained.restoreMatchingInto(module);
                assertThat(match.missing()).isEmpty();
                assertThat(match.different())
                        .containsExactlyInAnyOrder(
                                "head.weight: saved float32 (5, 16), here float32 (3, 16)",
                                "head.bias: saved float32 (5), here float32 (3)");
                assertThat(match.matching()).contains("backbone.0.weight", "backbone.1.running_mean");
            }
        }
    }

    @Test
    void checkpoint_knowsItsInputShapes() {
        Path file = pretrained();
        try (FineTuned module = new FineTuned(3);
                WeightsFile pretrained = Checkpoint.openWeights(file)) {
            assertThat(pretrained.restoreMatchingInto(module).matching()).hasSize(6);
            assertThat(module.isInitialized()).isTrue();
        }
    }

    @Test
    void weightsOfTorch_fillTheBackbone() throws IOException {
        Path file = folder.resolve("torch.safetensors");
        writeLikeTorch(file);
        try (FineTuned module = new FineTuned(3)) {
            Block backbone = module.layers();
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(1, 8));
            try (WeightsFile torch = Checkpoint.openWeights(file)) {
                WeightsMatch match = torch.restoreMatchingInto(backbone);
                assertThat(match.matching()).contains("0.weight", "0.bias", "1.running_mean");
                assertThat(match.isExact()).isTrue();
            }
            assertThat(parameter(module, "backbone.0.bias").toFloatArray()).contains(0f, 1f, 15f);
        }
    }

    @Test
    void frozenBackbone_staysAsItIsUntilItIsUnfrozen() {
        Path file = pretrained();
        List<String> before;
        try (FineTuned module = withWeights(file)) {
            before = bits(module);
            trainer(folder.resolve("frozen"), 2).fit(module, loader(3));
            assertThat(bits(module)).isEqualTo(before);
        }
        try (FineTuned module = withWeights(file)) {
            trainer(folder.resolve("unfrozen"), 3).fit(module, loader(3));
            assertThat(bits(module)).doesNotContainAnyElementsOf(before);
        }
    }

    @Test
    void resumedAtEveryEpoch_endsAsUndisturbed() {
        Path file = pretrained();
        String undisturbed = tuned(file, folder.resolve("undisturbed"), 4);
        for (int epochs = 1; epochs <= 4; epochs++) {
            Path directory = folder.resolve("resumed-" + epochs);
            tuned(file, directory, epochs);
            assertThat(tuned(file, directory, 4)).isEqualTo(undisturbed);
        }
    }

    @Test
    void backboneInAnInference_isNotTrained() {
        Path file = pretrained();
        try (FeatureExtractor module = new FeatureExtractor(3)) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(1, 8));
            try (WeightsFile pretrained = Checkpoint.openWeights(file)) {
                pretrained.restoreMatchingInto(module);
            }
            float[] before = parameter(module, "backbone.1.running_mean").toFloatArray();
            float[] head = parameter(module, "head.weight").toFloatArray();
            trainer(folder.resolve("features"), 1).fit(module, loader(3));
            assertThat(parameter(module, "backbone.1.running_mean").toFloatArray())
                    .isEqualTo(before);
            assertThat(parameter(module, "head.weight").toFloatArray()).isNotEqualTo(head);
        }
    }

    private String tuned(Path file, Path directory, int epochs) {
        try (FineTuned module = withWeights(file)) {
            Trainer trainer = trainer(directory, epochs);
            trainer.fit(module, loader(3));
            return Weights.sha256(module);
        }
    }

    private static FineTuned withWeights(Path file) {
        Engine.getEngine("PyTorch").setRandomSeed(42);
        FineTuned module = new FineTuned(3);
        module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(1, 8));
        try (WeightsFile pretrained = Checkpoint.openWeights(file)) {
            pretrained.restoreMatchingInto(module);
        }
        return module;
    }

    private static Trainer trainer(Path directory, int epochs) {
        return Trainer.builder()
                .maxEpochs(epochs)
                .seed(42)
                .runDirectory(directory)
                .autoResume(true)
                .enableProgressBar(false)
                .enableModelSummary(false)
                .build();
    }

    /** A run over five classes, and its checkpoint. */
    private Path pretrained() {
        try (Pretraining module = new Pretraining()) {
            return trainer(folder.resolve("pretraining"), 1)
                    .fit(module, loader(5))
                    .bestCheckpoint();
        }
    }

    private static List<String> bits(FineTuned module) {
        List<String> bits = new ArrayList<>();
        module.layers()
                .getParameters()
                .forEach(pair -> bits.add(pair.getKey()
                        + Arrays.toString(pair.getValue().getArray().toFloatArray())));
        return bits;
    }

    private static NDArray parameter(LightningModule module, String name) {
        Parameter parameter = Weights.parameters(module).get(name);
        return parameter.getArray();
    }

    private static DataLoader loader(int classes) {
        NDManager manager = NDManager.newBaseManager();
        Random random = new Random(classes);
        float[] numbers = new float[64 * 8];
        long[] labels = new long[64];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
            labels[i / 8] = random.nextInt(classes);
        }
        TensorDataset samples = TensorDataset.of(manager, numbers, new Shape(64, 8), labels);
        return DataLoader.builder(samples).batchSize(16).shuffle(true).build();
    }

    /** What {@code safetensors.torch.save_file(net.state_dict(), file)} writes for Linear, BatchNorm1d, ReLU, Dropout. */
    private static void writeLikeTorch(Path file) throws IOException {
        String header = "{\"1.num_batches_tracked\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]}"
                + ",\"0.bias\":{\"dtype\":\"F32\",\"shape\":[16],\"data_offsets\":[8,72]}"
                + ",\"0.weight\":{\"dtype\":\"F32\",\"shape\":[16,8],\"data_offsets\":[72,584]}"
                + ",\"1.bias\":{\"dtype\":\"F32\",\"shape\":[16],\"data_offsets\":[584,648]}"
                + ",\"1.running_mean\":{\"dtype\":\"F32\",\"shape\":[16],\"data_offsets\":[648,712]}"
                + ",\"1.running_var\":{\"dtype\":\"F32\",\"shape\":[16],\"data_offsets\":[712,776]}"
                + ",\"1.weight\":{\"dtype\":\"F32\",\"shape\":[16],\"data_offsets\":[776,840]}}";
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + 840).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text).putLong(1);
        for (int i = 0; i < 208; i++) {
            bytes.putFloat(i);
        }
        Files.write(file, bytes.array());
    }

    /** The same layers, all of them trained. */
    private static final class Pretraining extends LightningModule {
        private final Block backbone = addChildBlock("backbone", FineTuned.backbone(), new Shape(1, 8));
        private final Block head =
                addChildBlock("head", Linear.builder().setUnits(5).build(), new Shape(1, 16));

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray logits = call(head, call(backbone, batch.getData())).head();
            return Losses.crossEntropy(logits, batch.getLabels().head());
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return Adam.builder(parameters()).lr(1e-2).build();
        }
    }

    /** A head over features that are never trained. */
    private static final class FeatureExtractor extends LightningModule {
        private final Block backbone = addChildBlock("backbone", FineTuned.backbone(), new Shape(1, 8));
        private final Block head;

        FeatureExtractor(int classes) {
            head = addChildBlock("head", Linear.builder().setUnits(classes).build(), new Shape(1, 16));
            freeze(backbone);
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            try (Inference frozen = inference()) {
                NDList features = frozen.call(backbone, batch.getData());
                NDArray logits = call(head, features).head();
                return Losses.crossEntropy(logits, batch.getLabels().head());
            }
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return Adam.builder(parameters()).lr(1e-2).build();
        }
    }
}
