package io.github.lightning4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import com.google.gson.JsonObject;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.LoraFile;
import io.github.lightning4j.checkpoint.Names;
import io.github.lightning4j.checkpoint.Weights;
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
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Adapters against Hugging Face's peft. */
class LoRATest {
    private static final JsonObject CASES = Reference.load(LoRATest.class, "lora.json");

    @TempDir
    Path folder;

    private final NDManager manager = NDManager.newBaseManager("PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    private static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(LoRATest.class.getResource(name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private BertEncoder bert() {
        BertEncoder encoder = new BertEncoder(BertConfig.read(resource("bert/config.json")), Pooling.MEAN);
        encoder.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
        try (WeightsFile weights = Checkpoint.openWeights(resource("bert/model.safetensors"))) {
            weights.restoreInto(encoder, Names.skip("pooler\\..*"));
        }
        return encoder;
    }

    private static void convert(Block block, DataType type) {
        for (Parameter parameter : block.getParameters().values()) {
            NDArray array = parameter.getArray().toType(type, true);
            array.setRequiresGradient(parameter.requiresGradient());
            parameter.close();
            parameter.setShape(null);
            parameter.setArray(array);
        }
    }

    private NDArray forward(Block block, NDList inputs, boolean training) {
        return block.forward(new ModuleParameterStore(manager), inputs, training)
                .head();
    }

    private NDList inputs(JsonObject figure, DataType type) {
        NDList inputs = new NDList();
        TensorFigure.listOf(figure.get("inputs")).forEach(input -> inputs.add(input.toArray(manager, type)));
        return inputs;
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void adaptersOfPeft_giveItsOutputsAndGradients(DataType type) {
        JsonObject figure = CASES.getAsJsonObject("bert");
        BertEncoder encoder = bert();
        LoraFile.load(encoder, resource("lora/bert"));
        convert(encoder, type);
        TensorFigure expected = TensorFigure.of(figure.get("output"));

        NDList inputs = inputs(figure, type);
        try (GradMode recording = GradMode.recording()) {
            NDArray output = forward(encoder, inputs, true);
            expected.assertEquals("output", output);
            GradMode.backward(output.mul(TensorFigure.of(figure.get("weights")).toArray(manager, type))
                    .sum());
        }
        JsonObject gradients = figure.getAsJsonObject("gradients");
        Map<String, Parameter> adapters = LoRA.parameters(encoder);
        assertThat(adapters.keySet()).isEqualTo(gradients.keySet());
        adapters.forEach((name, parameter) -> TensorFigure.of(gradients.get(name))
                .assertEquals(name, parameter.getArray().getGradient()));
        Weights.parameters(encoder)
                .forEach((name, parameter) ->
                        assertThat(parameter.requiresGradient()).as(name).isEqualTo(adapters.containsKey(name)));

        LoRA.merge(encoder);

        expected.assertEquals("merged output", forward(encoder, inputs, false));
        assertThat(LoRA.of(encoder)).isEmpty();
        assertThat(Weights.parameters(encoder).keySet())
                .isEqualTo(Weights.parameters(bert()).keySet());
    }

    private SequentialBlock attention(DataType type) {
        MultiheadAttention attention = new MultiheadAttention(6, 2);
        SequentialBlock block = new Named(attention);
        block.initialize(manager, type, new Shape(1, 3, 6), new Shape(1, 4, 6), new Shape(1, 4, 6));
        JsonObject values = CASES.getAsJsonObject("attention").getAsJsonObject("parameters");
        Weights.parameters(block)
                .forEach((name, parameter) ->
                        TensorFigure.of(values.get(name)).toArray(manager, type).copyTo(parameter.getArray()));
        return block;
    }

    /** One layer that is called attn. */
    private static final class Named extends SequentialBlock {
        Named(Block layer) {
            addChildBlock("attn", layer);
        }

        @Override
        protected NDList forwardInternal(
                ai.djl.training.ParameterStore store,
                NDList inputs,
                boolean training,
                ai.djl.util.PairList<String, Object> params) {
            return children.valueAt(0).forward(store, inputs, training);
        }

        @Override
        public void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
            children.valueAt(0).initialize(manager, type, shapes);
        }
    }

    @Test
    void attentionOfPeft_givesItsOutputAndIsMerged() {
        JsonObject figure = CASES.getAsJsonObject("attention");
        TensorFigure expected = TensorFigure.of(figure.get("output"));
        SequentialBlock block = attention(DataType.FLOAT32);
        NDList inputs = inputs(figure, DataType.FLOAT32);

        LoraFile.load(block, resource("lora/attention"));

        assertThat(LoRA.parameters(block).keySet())
                .containsExactlyInAnyOrderElementsOf(
                        figure.getAsJsonObject("adapters").keySet());
        for (boolean training : new boolean[] {true, false}) {
            expected.assertEquals("output", forward(block, inputs, training));
        }
        NDList self = new NDList(inputs.head());
        NDArray before = forward(block, self, false);
        LoRA.merge(block);
        expected.assertEquals("merged output", forward(block, inputs, false));
        assertThat(forward(block, self, false).toFloatArray()).containsExactly(before.toFloatArray(), within(1e-5f));
    }

    @Test
    void savedAdapters_areThoseOfPeft() throws IOException {
        for (String name : new String[] {"bert", "attention"}) {
            Block block = name.equals("bert") ? bert() : attention(DataType.FLOAT32);
            LoraFile.load(block, resource("lora/" + name));
            LoraFile.save(block, folder.resolve(name));

            try (WeightsFile ours = Checkpoint.openWeights(folder.resolve(name).resolve("adapter_model.safetensors"));
                    WeightsFile peft =
                            Checkpoint.openWeights(resource("lora/" + name + "/adapter_model.safetensors"))) {
                assertThat(ours.tensors()).isEqualTo(peft.tensors());
            }
            assertThat(Files.readString(folder.resolve(name).resolve("adapter_config.json")))
                    .contains("\"r\": 2", "\"lora_alpha\": 6.0", "\"peft_type\": \"LORA\"");
        }
    }

    @Test
    void newAdapters_changeNothingAndStartAsThoseOfPeft() {
        BertEncoder encoder = bert();
        NDList ids = new NDList(manager.create(new long[][] {{1, 2, 3}}));
        float[] before = forward(encoder, ids, false).toFloatArray();
        assertThat(LoRA.builder(4).dropout(0.5).build().applyTo(encoder)).hasSize(12);

        assertThat(encoder.isInitialized()).isFalse();
        assertThat(forward(encoder, ids, true).toFloatArray()).isEqualTo(before);
        TorchRandom.seed(1);
        encoder.initialize(manager, DataType.FLOAT32, new Shape(1, 3));

        assertThat(forward(encoder, ids, true).toFloatArray()).containsExactly(before, within(1e-6f));
        LoRA.parameters(encoder).forEach((name, parameter) -> {
            NDArray array = parameter.getArray();
            double bound = name.contains("lora_B") ? 0 : 1 / Math.sqrt(array.size(1));
            assertThat(array.abs().max().getFloat()).as(name).isLessThanOrEqualTo((float) bound);
            assertThat((double) array.square().mean().getFloat())
                    .as(name)
                    .isCloseTo(bound * bound / 3, within(bound * bound / 6));
        });
    }

    @Test
    void dropout_isOfWhatAdaptersAreGiven() {
        SequentialBlock block = attention(DataType.FLOAT32);
        LoRA.builder(2).dropout(0.5).build().applyTo(block);
        block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 6));
        NDList inputs = new NDList(manager.ones(new Shape(1, 3, 6)));
        try (GradMode off = GradMode.off()) {
            LoRA.parameters(block)
                    .values()
                    .forEach(parameter -> parameter.getArray().addi(1));
        }

        assertThat(forward(block, inputs, false)).isEqualTo(forward(block, inputs, false));
        assertThat(forward(block, inputs, true)).isNotEqualTo(forward(block, inputs, true));
    }

    @Test
    void projectionAlone_canBeATarget() {
        SequentialBlock block = attention(DataType.FLOAT32);

        assertThat(LoRA.builder(2).targets("out_proj").build().applyTo(block)).containsExactly("attn.out_proj");
        block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 6));

        assertThat(LoRA.parameters(block).keySet())
                .isEqualTo(Set.of("attn.out_proj.lora_A.weight", "attn.out_proj.lora_B.weight"));
        assertThat(forward(block, new NDList(manager.ones(new Shape(1, 3, 6))), true)
                        .getShape())
                .isEqualTo(new Shape(1, 3, 6));
    }

    @Test
    void mistakes_areNamed() {
        BertEncoder encoder = bert();
        assertThatThrownBy(() -> LoRA.builder(2).targets("queries").build().applyTo(encoder))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'queries'")
                .hasMessageContaining("encoder.layer.0.attention.self.query");
        assertThatThrownBy(() -> LoRA.merge(encoder))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("has no adapters");
        assertThatThrownBy(() -> LoraFile.save(encoder, folder)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> LoRA.builder(2)
                        .build()
                        .applyTo(new SequentialBlock()
                                .add(ai.djl.nn.core.Linear.builder().setUnits(2).build())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("io.github.lightning4j.nn.Linear");
        LoRA.builder(2).targets("query").build().applyTo(encoder);
        assertThatThrownBy(() -> LoRA.builder(2).targets("query").build().applyTo(encoder))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("adapters already");
        assertThatThrownBy(() -> LoraFile.load(encoder, resource("lora/bert")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("do not fit");
        assertThatThrownBy(() -> LoraFile.load(bert(), folder)).isInstanceOf(CheckpointException.class);
    }
}
