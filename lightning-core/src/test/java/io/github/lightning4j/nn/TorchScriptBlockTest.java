package io.github.lightning4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.Batch;
import ai.djl.util.Pair;
import com.google.gson.JsonObject;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.Predictors;
import io.github.lightning4j.fixture.Reference;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.testing.ResumeCheck;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchScriptBlockTest {
    private static final JsonObject TORCH = Reference.load(TorchScriptBlockTest.class, "torchscript.json");

    private final TestData data = TestData.open();

    @TempDir
    Path folder;

    private Path file;
    private NDManager manager;

    @BeforeEach
    void open() throws Exception {
        file = resource("backbone.pt");
        manager = NDManager.newBaseManager("PyTorch");
    }

    @AfterEach
    void close() {
        manager.close();
        data.close();
    }

    private DataLoader classes(int samples, int batchSize) {
        return DataLoader.of(data.classes(samples), batchSize);
    }

    private Path resource(String name) throws Exception {
        Path copy = folder.resolve(name);
        try (var in = TorchScriptBlockTest.class.getResourceAsStream(name)) {
            Files.copy(in, copy);
        }
        return copy;
    }

    /** A scripted backbone and a head of DJL's. */
    private static class Transfer extends LightningModule {
        final TorchScriptBlock backbone;
        final Block head = addChildBlock("head", Linear.builder().setUnits(2).build(), new Shape(1, 8));

        Transfer(Path file) {
            backbone = addChildBlock("backbone", TorchScriptBlock.load(file), new Shape(1, TestData.FEATURES));
        }

        @Override
        public NDList forward(NDList inputs) {
            return call(head, call(backbone, inputs));
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray loss = loss(batch);
            log("train_loss", loss);
            return loss;
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            log("val_loss", loss(batch));
        }

        private NDArray loss(Batch batch) {
            return Losses.crossEntropy(
                    forward(batch.getData()).head(), batch.getLabels().head());
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return Adam.builder(parameters()).lr(0.01).build();
        }
    }

    @Test
    void parametersAndBuffers_haveTorchsNames() {
        try (TorchScriptBlock block = TorchScriptBlock.load(file)) {
            assertThat(names(block, Parameter::requiresGradient)).isEqualTo(strings("parameters"));
            assertThat(names(block, parameter -> !parameter.requiresGradient())).isEqualTo(strings("buffers"));
        }
    }

    private static List<String> names(Block block, Predicate<Parameter> wanted) {
        return block.getParameters().stream()
                .filter(pair -> wanted.test(pair.getValue()))
                .map(Pair::getKey)
                .toList();
    }

    private static List<String> strings(String key) {
        return TORCH.getAsJsonArray(key).asList().stream()
                .map(element -> element.getAsString())
                .toList();
    }

    @Test
    void outputAndGradients_areTorchsFromTheFirstCallOn() {
        JsonObject expected = TORCH.getAsJsonObject("eval");
        NDArray input = manager.create(linspace(20), new Shape(5, 4));
        try (TorchScriptBlock block = TorchScriptBlock.load(file)) {
            Map<String, float[]> first = new LinkedHashMap<>();
            for (int call = 0; call < 5; call++) {
                Map<String, float[]> gradients = gradients(block, input, expected);
                gradients.forEach((name, values) -> {
                    assertThat(values)
                            .as(name)
                            .containsExactly(
                                    Reference.floats(expected.getAsJsonObject("gradients")
                                            .get(name)),
                                    within(1e-6f));
                    assertThat(values).as(name).isEqualTo(first.computeIfAbsent(name, key -> values));
                });
            }
        }
    }

    private static float[] linspace(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = -1 + 2f * i / (count - 1);
        }
        return values;
    }

    private static Map<String, float[]> gradients(TorchScriptBlock block, NDArray input, JsonObject expected) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        for (Parameter parameter : block.getParameters().values()) {
            parameter.getArray().setRequiresGradient(false);
            parameter.getArray().setRequiresGradient(parameter.requiresGradient());
        }
        try (GradMode recording = GradMode.recording()) {
            NDArray output = forward(block, input, false);
            assertThat(output.toFloatArray()).containsExactly(Reference.floats(expected.get("output")), within(1e-6f));
            GradMode.backward(output.square().mean());
        }
        for (Pair<String, Parameter> pair : block.getParameters()) {
            if (pair.getValue().requiresGradient()) {
                try (NDArray gradient = pair.getValue().getArray().getGradient()) {
                    gradients.put(pair.getKey(), gradient.toFloatArray());
                    gradient.subi(gradient);
                }
            }
        }
        return gradients;
    }

    private static NDArray forward(Block block, NDArray input, boolean training) {
        return block.forward(new ParameterStore(input.getManager(), false), new NDList(input), training, null)
                .head();
    }

    @Test
    void call_runsInTheModeItAsksFor() {
        NDArray input = manager.create(linspace(20), new Shape(5, 4));
        try (TorchScriptBlock block = TorchScriptBlock.load(file)) {
            float[] evaluated = forward(block, input, false).toFloatArray();
            float[] mean = array(block, "stem.norm.running_mean").toFloatArray();
            assertThat(forward(block, input, false).toFloatArray()).isEqualTo(evaluated);

            assertThat(forward(block, input, true).toFloatArray()).isNotEqualTo(evaluated);
            assertThat(array(block, "stem.norm.running_mean").toFloatArray()).isNotEqualTo(mean);
            assertThat(array(block, "stem.norm.num_batches_tracked").toLongArray())
                    .containsExactly(1);
        }
    }

    private static NDArray array(Block block, String name) {
        return block.getParameters().get(name).getArray();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fit_trainsItFromTheFirstBatchOn_sanityCheckOrNot(boolean sanityCheck) {
        try (Transfer module = new Transfer(file)) {
            float[] before = array(module.backbone, "stem.linear.weight").toFloatArray();
            Trainers.quiet().numSanityValSteps(sanityCheck ? 1 : 0).build().fit(module, classes(24, 8), classes(8, 8));
            assertThat(array(module.backbone, "stem.linear.weight").toFloatArray())
                    .isNotEqualTo(before);
            assertThat(array(module.backbone, "stem.norm.num_batches_tracked").toLongArray())
                    .containsExactly(3);
            assertThat(array(module.backbone, "scale").getFloat()).isEqualTo(0.5f);
        }
    }

    @Test
    void frozenBackbone_evaluatesAndStaysAsItIs_whileTheHeadTrains() {
        try (Transfer module = new Transfer(file)) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(1, TestData.FEATURES));
            module.freeze(module.backbone);
            Map<String, float[]> before = values(module.backbone);
            float[] head = array(module.head, "weight").toFloatArray();
            Trainers.quiet().maxEpochs(2).build().fit(module, classes(24, 8), classes(8, 8));
            Map<String, float[]> after = values(module.backbone);
            before.forEach((name, value) -> assertThat(after.get(name)).as(name).isEqualTo(value));
            assertThat(array(module.head, "weight").toFloatArray()).isNotEqualTo(head);
        }
    }

    private static Map<String, float[]> values(Block block) {
        Map<String, float[]> values = new LinkedHashMap<>();
        block.getParameters().forEach(pair -> {
            try (NDArray floats = pair.getValue().getArray().toType(DataType.FLOAT32, true)) {
                values.put(pair.getKey(), floats.toFloatArray());
            }
        });
        return values;
    }

    @Test
    void resumedFit_endsBitForBitAsAnUndisturbedOne() throws Exception {
        ResumeCheck.assertResumesExactly(() -> new Transfer(file), classes(20, 4), classes(8, 4));
    }

    @Test
    void predictorsOnOtherThreads_changeNoBitOfAFit() {
        Map<String, float[]> undisturbed;
        try (Transfer module = new Transfer(file)) {
            Trainers.quiet().maxEpochs(3).build().fit(module, classes(64, 4));
            undisturbed = values(module);
        }
        try (Transfer module = new Transfer(file);
                Predictors predictors = new Predictors(module.backbone)) {
            predictors.start(3);
            Trainers.quiet().maxEpochs(3).build().fit(module, classes(64, 4));
            predictors.stop();
            values(module).forEach((name, value) -> assertThat(value).as(name).isEqualTo(undisturbed.get(name)));
        }
    }

    @Test
    void parametersSavedByDjl_areLoadedIntoTheNetworksOwnTensors() throws Exception {
        NDArray input = manager.create(linspace(20), new Shape(5, 4));
        ByteArrayOutputStream saved = new ByteArrayOutputStream();
        float[] expected;
        try (TorchScriptBlock block = TorchScriptBlock.load(file)) {
            block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
            forward(block, input, true);
            expected = forward(block, input, false).toFloatArray();
            block.saveParameters(new DataOutputStream(saved));
        }
        try (TorchScriptBlock block = TorchScriptBlock.load(file)) {
            block.loadParameters(manager, new DataInputStream(new ByteArrayInputStream(saved.toByteArray())));
            assertThat(forward(block, input, false).toFloatArray()).isEqualTo(expected);
        }
    }

    @Test
    void blockOfADjlModel_isCopied() throws Exception {
        try (Model model = Model.newInstance("backbone", "PyTorch")) {
            model.load(folder, "backbone");
            try (TorchScriptBlock block = TorchScriptBlock.of(model.getBlock())) {
                assertThat(names(block, Parameter::requiresGradient)).isEqualTo(strings("parameters"));
                assertThat(forward(block, manager.create(linspace(20), new Shape(5, 4)), false)
                                .toFloatArray())
                        .containsExactly(
                                Reference.floats(TORCH.getAsJsonObject("eval").get("output")), within(1e-6f));
            }
        }
        assertThatThrownBy(
                        () -> TorchScriptBlock.of(Linear.builder().setUnits(2).build()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Linear is no TorchScript network");
    }

    /** A network as DJL loads it, among the layers. */
    private static final class OfDjl extends LightningModule {
        OfDjl(Block block) {
            addChildBlock("backbone", block);
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            return null;
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return Adam.builder(parameters()).build();
        }
    }

    @Test
    void blockOfADjlModel_asALayer_isRefusedWithTheRemedy() throws Exception {
        try (Model model = Model.newInstance("backbone", "PyTorch")) {
            model.load(folder, "backbone");
            OfDjl module = new OfDjl(model.getBlock());
            assertThatThrownBy(() -> module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(1, 4)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("OfDjl")
                    .hasMessageContaining("TorchScriptBlock.of(block)");
        }
    }

    @Test
    void closedModule_closesItsNetwork() {
        Transfer module = new Transfer(file);
        module.close();
        assertThatThrownBy(() -> forward(module.backbone, manager.zeros(new Shape(1, 4)), false))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void networkOfConstants_canBeCalled() throws Exception {
        try (TorchScriptBlock block = TorchScriptBlock.load(resource("frozen.pt"))) {
            assertThat(block.getParameters()).isEmpty();
            assertThat(forward(block, manager.create(linspace(20), new Shape(5, 4)), false)
                            .toFloatArray())
                    .containsExactly(
                            Reference.floats(TORCH.getAsJsonObject("eval").get("output")), within(1e-6f));
        }
    }

    @Test
    void tiedWeight_isListedOnce() throws Exception {
        try (TorchScriptBlock block = TorchScriptBlock.load(resource("tied.pt"))) {
            assertThat(names(block, Parameter::requiresGradient)).containsExactly("0.weight", "0.bias");
        }
    }

    @Test
    void outputShapes_areThoseOfACall() {
        try (TorchScriptBlock block = TorchScriptBlock.load(file)) {
            assertThat(block.getOutputShapes(new Shape[] {new Shape(3, 4)})).containsExactly(new Shape(3, 8));
        }
    }

    @Test
    void otherFiles_areRefusedWithTheRemedy() throws Exception {
        Path text = Files.writeString(folder.resolve("text.pt"), "no archive");
        Path empty = Files.createFile(folder.resolve("empty.pt"));
        Path folderFile = Files.createDirectory(folder.resolve("folder.pt"));
        for (Path wrong :
                new Path[] {text, empty, folderFile, folder.resolve("missing.pt"), resource("state_dict.pt")}) {
            assertThatThrownBy(() -> TorchScriptBlock.load(wrong))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(wrong.getFileName().toString())
                    .hasMessageContaining("torch.jit.script(module).save(path)");
        }
    }
}
