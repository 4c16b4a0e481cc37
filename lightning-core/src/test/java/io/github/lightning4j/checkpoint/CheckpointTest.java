package io.github.lightning4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.dataset.Batch;
import ai.djl.translate.NoopTranslator;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.MemoryScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    private final NDManager manager = NDManager.newBaseManager();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        manager.close();
    }

    enum Activation {
        RELU,
        NONE
    }

    record Schedule(double lr, List<Long> milestones) {}

    record Config(
            int hidden,
            float dropout,
            boolean bias,
            String name,
            Activation activation,
            Schedule schedule,
            Map<String, Double> weights) {
        static final Config DEFAULT = new Config(
                5, 0.1f, true, "größe", Activation.RELU, new Schedule(0.1, List.of(1L, 2L)), Map.of("a", Double.NaN));
    }

    static final class Lit extends LightningModule {
        final NDArray steps;

        Lit(Config config) {
            super(config);
            SequentialBlock net = new SequentialBlock()
                    .add(Linear.builder().setUnits(config.hidden).build())
                    .add(BatchNorm.builder().build())
                    .add(Linear.builder().setUnits(2).build());
            addChildBlock("net", net);
            try (NDManager temporary = NDManager.newBaseManager()) {
                steps = buffer("steps", temporary.create(new long[] {0, 7}));
            }
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            return null;
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            throw new UnsupportedOperationException();
        }
    }

    private static Lit initialized(Config config) {
        Lit module = new Lit(config);
        module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(4, 3));
        return module;
    }

    private Path save(LightningModule module, String name, long step) {
        StateTreeWriter tree = new StateTreeWriter();
        new CheckpointInfo(2, step, false, module.hyperparameters()).writeTo(tree);
        Weights.save(module, tree);
        Path file = folder.resolve("checkpoints").resolve(name);
        CheckpointWriter.direct().write(file, tree);
        return file;
    }

    // Loading

    @Test
    void load_makesTheModuleAgain() {
        try (Lit module = initialized(Config.DEFAULT)) {
            module.steps.addi(1);
            Path file = save(module, "last.safetensors", 12);
            try (MemoryScope scope = MemoryScope.open();
                    Lit loaded = Checkpoint.load(file, Config.class, Lit::new)) {
                assertThat(loaded.hyperparameters()).isEqualTo(module.hyperparameters());
                assertThat(Weights.sha256(loaded)).isEqualTo(Weights.sha256(module));
                assertThat(loaded.steps.toLongArray()).containsExactly(1, 8);
                assertThat(loaded.isInitialized()).isTrue();
                assertThat(loaded.parameters().values())
                        .allMatch(parameter -> parameter.getArray().hasGradient());
                assertThat(loaded.parameters().keys())
                        .isEqualTo(module.parameters().keys());
            }
            try (Checkpoint checkpoint = Checkpoint.open(file)) {
                assertThat(checkpoint.epoch()).isEqualTo(2);
                assertThat(checkpoint.globalStep()).isEqualTo(12);
                assertThat(checkpoint.hyperparameters(Config.class)).isEqualTo(Config.DEFAULT);
                assertThat(checkpoint.hyperparameters()).containsEntry("hidden", 5L);
            }
        }
    }

    @Test
    void restoreInto_overwritesLiveParametersInPlace() {
        try (Lit module = initialized(Config.DEFAULT)) {
            Path file = save(module, "last.safetensors", 12);
            String before = Weights.sha256(module);
            Parameter parameter = module.parameters().valueAt(0);
            NDArray array = parameter.getArray();
            NDArray view;
            try (GradMode off = GradMode.off()) {
                view = array.reshape(-1);
                module.getParameters().values().forEach(each -> each.getArray().addi(1));
            }
            assertThat(Weights.sha256(module)).isNotEqualTo(before);
            try (Checkpoint checkpoint = Checkpoint.open(file)) {
                checkpoint.restoreInto(module);
            }
            assertThat(Weights.sha256(module)).isEqualTo(before);
            assertThat(parameter.getArray()).isSameAs(array);
            assertThat(view.toFloatArray()).containsExactly(array.toFloatArray());
            view.close();
        }
    }

    @Test
    void anotherStructure_isRefusedWithNamesAndShapes_orTakenInPart() {
        Config wider = new Config(6, 0.1f, true, "", Activation.NONE, Config.DEFAULT.schedule, Map.of());
        try (Lit module = initialized(Config.DEFAULT);
                Lit other = initialized(wider)) {
            Path file = save(module, "last.safetensors", 12);
            String before = Weights.sha256(other);
            try (Checkpoint checkpoint = Checkpoint.open(file)) {
                assertThatThrownBy(() -> checkpoint.restoreInto(other))
                        .isInstanceOf(CheckpointException.class)
                        .hasMessageContaining("net.0.weight: saved float32 (5, 3), here float32 (6, 3)");
                assertThat(Weights.sha256(other)).isEqualTo(before);

                WeightsMatch match = checkpoint.restoreMatchingInto(other);
                assertThat(match.matching()).containsExactly("net.2.bias", "steps");
                assertThat(match.different()).hasSize(7);
                assertThat(match.missing()).isEmpty();
                assertThat(match.isExact()).isFalse();
            }
            Block linear = Linear.builder().setUnits(1).build();
            linear.initialize(manager, DataType.FLOAT32, new Shape(1, 3));
            try (Checkpoint checkpoint = Checkpoint.open(file)) {
                assertThatThrownBy(() -> checkpoint.restoreMatchingInto(linear))
                        .isInstanceOf(CheckpointException.class)
                        .hasMessageContaining("Missing in the file: weight float32 (1, 3); bias float32 (1)")
                        .hasMessageContaining("Only in the file: net.0.bias float32 (5)");
            }
        }
    }

    @Test
    void aPlainBlock_isSavedAndRestoredToo_alsoUninitialized() throws IOException {
        Block shared = Linear.builder().setUnits(3).build();
        SequentialBlock block = new SequentialBlock().add(shared).add(shared);
        block.initialize(manager, DataType.FLOAT64, new Shape(2, 3));
        StateTreeWriter tree = new StateTreeWriter();
        Weights.save(block, tree);
        assertThat(tree.tensors()).containsOnlyKeys("model/0.weight", "model/0.bias");
        Path file = folder.resolve("block.safetensors");
        CheckpointWriter.direct().write(file, tree);

        Block again = Linear.builder().setUnits(3).build();
        SequentialBlock fresh = new SequentialBlock().add(again).add(again);
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            checkpoint.restoreInto(fresh);
        }
        assertThat(Weights.sha256(fresh)).isEqualTo(Weights.sha256(block));
        assertThat(fresh.getParameters().valueAt(0).getArray().getDataType()).isEqualTo(DataType.FLOAT64);
        fresh.clear();
    }

    @Test
    void hyperparametersThatDoNotFit_areNamed() {
        record Small(int hidden) {}
        record Wrong(
                String hidden,
                float dropout,
                boolean bias,
                String name,
                Activation activation,
                Schedule schedule,
                Map<String, Double> weights) {}
        record More(int hidden, int depth) {}
        record Picky(
                int hidden,
                float dropout,
                boolean bias,
                String name,
                Activation activation,
                Schedule schedule,
                Map<String, Double> weights) {
            Picky {
                throw new IllegalArgumentException("hidden must be even");
            }
        }
        try (Lit module = initialized(Config.DEFAULT)) {
            Path file = save(module, "last.safetensors", 12);
            try (Checkpoint checkpoint = Checkpoint.open(file)) {
                assertThatThrownBy(() -> checkpoint.hyperparameters(Small.class))
                        .isInstanceOf(CheckpointException.class)
                        .hasMessageContaining("[activation, bias, dropout, name, schedule, weights]");
                assertThatThrownBy(() -> checkpoint.hyperparameters(Wrong.class))
                        .hasMessageContaining("'hidden' is 5")
                        .hasMessageContaining("java.lang.String");
                assertThatThrownBy(() -> checkpoint.hyperparameters(More.class)).hasMessageContaining("'depth'");
                assertThatThrownBy(() -> checkpoint.hyperparameters(Picky.class))
                        .hasMessageContaining("hidden must be even");
            }
        }
    }

    record Where(
            @Nullable Long seed,
            Path data,
            Duration patience,
            Map<Activation, Double> rates,
            Optional<Double> dropout) {}

    static final class Placed extends BoringModule {
        Placed(Where where) {
            super(where);
        }
    }

    @Test
    void hyperparametersThatAreNullPathsTimesAndMapsByEnum_comeBackFromTheFile() throws IOException {
        Where where = new Where(
                null, Path.of("data", "a"), Duration.ofSeconds(90), Map.of(Activation.RELU, 0.1), Optional.empty());
        try (Placed module = new Placed(where)) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(4, 4));
            Path file = save(module, "where.safetensors", 3);
            try (Checkpoint checkpoint = Checkpoint.open(file)) {
                assertThat(checkpoint.hyperparameters(Where.class)).isEqualTo(where);
                assertThat(checkpoint.hyperparameters())
                        .containsEntry("seed", null)
                        .containsEntry("dropout", null)
                        .containsEntry("patience", "PT1M30S")
                        .containsEntry("rates", Map.of("RELU", 0.1));
            }
        }
    }

    @Test
    void weightsOfPython_areTakenByName() {
        Path file = SafetensorsTest.resource("python-bfloat16");
        assertThatThrownBy(() -> Checkpoint.open(file)).hasMessageContaining("openWeights");
        Block block = new Named(manager.zeros(new Shape(2, 3)));
        try (WeightsFile checkpoint = Checkpoint.openWeights(file)) {
            assertThatThrownBy(() -> checkpoint.restoreInto(block))
                    .hasMessageContaining("Only in the file: b float32 ()");
            checkpoint.restoreMatchingInto(block);
            assertThat(block.getParameters().valueAt(0).getArray().toFloatArray())
                    .startsWith(0f, -1.5f);
        }
    }

    private static final class Named extends ai.djl.nn.AbstractBlock {
        Named(NDArray array) {
            addParameter(Parameter.builder()
                    .setName("a")
                    .setType(Parameter.Type.OTHER)
                    .optArray(array)
                    .optShape(array.getShape())
                    .build());
        }

        @Override
        protected NDList forwardInternal(
                ai.djl.training.ParameterStore store,
                NDList inputs,
                boolean training,
                ai.djl.util.@Nullable PairList<String, Object> params) {
            return inputs;
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputShapes) {
            return inputShapes;
        }
    }

    // Digest and export

    @Test
    void sha256_isOfNameDtypeShapeAndBytes() {
        NDArray array = manager.create(new float[] {1, -2}, new Shape(2, 1));
        // printf 'a\0float32\0(2, 1)\0\0\0\x80\x3f\0\0\0\xc0' | sha256sum
        assertThat(Weights.sha256(new Named(array)))
                .isEqualTo("50cb7ebd977e2a77b236b2056c0e17e4b626bd3f72be9af04ffccf499777d840");
        assertThat(Weights.sha256(new Named(array.reshape(1, 2)))).isNotEqualTo(Weights.sha256(new Named(array)));
        assertThat(Weights.sha256(new Named(array.transpose().transpose())))
                .isEqualTo(Weights.sha256(new Named(array)));
    }

    @Test
    void export_isReadByDjl() throws Exception {
        try (Lit module = initialized(Config.DEFAULT)) {
            Path first = ModelExport.export(module, folder.resolve("models"), "lit");
            assertThat(first).hasFileName("lit-0000.params");
            module.steps.addi(1);
            Path second = ModelExport.export(module, folder.resolve("models"), "lit");
            assertThat(second).hasFileName("lit-0001.params");
            try (Model model = Model.newInstance("lit", "PyTorch");
                    Lit loaded = new Lit(Config.DEFAULT)) {
                model.setBlock(loaded);
                model.load(folder.resolve("models"), "lit");
                assertThat(Weights.sha256(loaded)).isEqualTo(Weights.sha256(module));
                NDList input = new NDList(manager.ones(new Shape(4, 3)));
                try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator(null));
                        NDList output = predictor.predict(input)) {
                    assertThat(output.head().getShape()).isEqualTo(new Shape(4, 2));
                }
            }
            assertThat(module.isInitialized()).isTrue();
            assertThatThrownBy(() -> ModelExport.export(module, folder, "a/b"))
                    .isInstanceOf(ConfigurationException.class);
        }
        assertThatThrownBy(() -> ModelExport.export(new Lit(Config.DEFAULT), folder, "lit"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("not initialised");
    }

    // Which one

    @Test
    void last_isTheSoundOneWithTheMostSteps() throws IOException {
        assertThatThrownBy(() -> CkptPath.last().open(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("no sound checkpoint");
        assertThatThrownBy(() -> CkptPath.last().open(null)).hasMessageContaining("CkptPath.of");
        assertThat(CheckpointFolder.openNewest(folder)).isNull();
        try (Lit module = initialized(Config.DEFAULT)) {
            Path old = save(module, "epoch=0-step=9.safetensors", 9);
            Path newer = save(module, "epoch=0-step=10.safetensors", 10);
            Path newest = save(module, "last.safetensors", 11);
            Path empty = Files.createFile(old.resolveSibling("empty.safetensors"));
            Files.copy(SafetensorsTest.resource("python-float32"), old.resolveSibling("python.safetensors"));
            assertThat(opened(CkptPath.last())).isEqualTo(newest);
            byte[] bytes = Files.readAllBytes(newest);
            bytes[bytes.length - 1] ^= 1;
            Files.write(newest, bytes);
            assertThat(opened(CkptPath.last())).isEqualTo(newer);
            bytes = Files.readAllBytes(newer);
            bytes[40] ^= 1;
            Files.write(newer, bytes);
            assertThat(opened(CkptPath.last())).isEqualTo(old);
            assertThat(opened(CkptPath.of(old))).isEqualTo(old);
            assertThatThrownBy(() -> opened(CkptPath.of(empty))).hasMessageContaining("it is empty");
            Files.delete(old);
            assertThatThrownBy(() -> opened(CkptPath.last())).hasMessageContaining("no sound checkpoint");
        }
    }

    @Test
    void weightsAlone_areNoPlaceToResumeFrom() {
        StateTreeWriter tree = new StateTreeWriter();
        new CheckpointInfo(1, 5, true, Map.of()).writeTo(tree);
        CheckpointWriter.direct().write(folder.resolve("checkpoints/weights.safetensors"), tree);
        assertThat(CheckpointFolder.openNewest(folder)).isNull();
    }

    private Path opened(CkptPath path) {
        try (Checkpoint checkpoint = path.open(folder)) {
            return Objects.requireNonNull(checkpoint).file();
        }
    }

    @Test
    void best_isWhatTheNewestRecords() {
        try (Lit module = initialized(Config.DEFAULT)) {
            Path best = save(module, "best.safetensors", 5);
            StateTreeWriter tree = new StateTreeWriter();
            new CheckpointInfo(1, 9, false, Map.of()).writeTo(tree);
            StateTreeWriter callbacks = tree.child("callbacks");
            callbacks.child("EarlyStopping").putLong("wait", 1);
            Path last = folder.resolve("checkpoints/last.safetensors");
            CheckpointWriter.direct().write(last, tree);
            assertThatThrownBy(() -> opened(CkptPath.best())).hasMessageContaining("No ModelCheckpoint");

            callbacks.child("A").putString("best_model_path", "checkpoints/last.safetensors");
            callbacks.child("A").putBoolean("monitored", false);
            callbacks.child("B").putString("best_model_path", "checkpoints/best.safetensors");
            callbacks.child("B").putBoolean("monitored", true);
            CheckpointWriter.direct().write(last, tree);
            assertThat(opened(CkptPath.best())).isEqualTo(best);
        }
    }
}
