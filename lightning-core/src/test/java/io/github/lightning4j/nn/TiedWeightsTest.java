package io.github.lightning4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.Names;
import io.github.lightning4j.checkpoint.Weights;
import io.github.lightning4j.checkpoint.WeightsFile;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.testing.ResumeCheck;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One tensor in two layers. */
class TiedWeightsTest {
    private static final int TOKENS = 7;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu());

    @TempDir
    private Path folder;

    /** A language model of one token: the table of tokens is also the projection to their scores. */
    private static final class Tied extends LightningModule {
        private final Embedding embedding = addChildBlock("embedding", new Embedding(TOKENS, 4));
        private final Linear hidden = addChildBlock("hidden", new Linear(4, 4));
        private final Linear head = addChildBlock("head", new Linear(4, TOKENS));

        Tied() {
            head.tie("weight", embedding.getParameters().get("weight"));
        }

        @Override
        public NDList forward(NDList inputs) {
            return call(
                    head,
                    new NDList(call(hidden, call(embedding, inputs)).head().tanh()));
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            return Losses.crossEntropy(
                    forward(batch.getData()).head(), batch.getLabels().head());
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return Adam.builder(parameters()).lr(0.01).build();
        }
    }

    private DataLoader data() {
        long[] tokens = new long[24];
        long[] next = new long[24];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = i % TOKENS;
            next[i] = (3 * i + 1) % TOKENS;
        }
        return DataLoader.of(TensorDataset.of(manager.create(tokens), manager.create(next)), 4);
    }

    private static Tied initialized() {
        Tied module = new Tied();
        module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(1));
        return module;
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void tiedWeight_isTrainedOnceAndStaysTied() {
        try (Tied module = new Tied()) {
            assertThat(module.parameters().keys())
                    .containsExactly("embedding.weight", "hidden.weight", "hidden.bias", "head.bias");

            Trainers.quiet().maxEpochs(2).build().fit(module, data());

            assertThat(module.head.getParameters().get("weight").getArray())
                    .isSameAs(module.embedding.getParameters().get("weight").getArray());
        }
    }

    @Test
    void tiedWeight_resumesExactly() throws Exception {
        ResumeCheck.assertResumesExactly(Tied::new, data());
    }

    @Test
    void tiedWeight_isExportedUnderBothNames_andReadUnderEither() {
        Path file = folder.resolve("tied.safetensors");
        NDList input = new NDList(manager.create(new long[] {0, 3, 5}));
        try (Tied module = initialized();
                Tied whole = initialized();
                Tied last = initialized()) {
            Weights.exportTorch(module, file);
            float[] expected = module.forward(input).head().toFloatArray();

            try (WeightsFile weights = Checkpoint.openWeights(file)) {
                assertThat(weights.tensors()).containsKeys("embedding.weight", "head.weight");
                weights.restoreInto(whole);
                weights.restoreInto(last, Names.skip("embedding\\.weight"));
            }
            assertThat(whole.forward(input).head().toFloatArray()).containsExactly(expected);
            assertThat(last.forward(input).head().toFloatArray()).containsExactly(expected);
        }
    }

    @Test
    void tiedWeight_surviveDjlsSaveAndLoad() throws Exception {
        NDList input = new NDList(manager.create(new long[] {0, 3, 5}));
        try (Tied module = initialized();
                Tied loaded = new Tied();
                Model model = Model.newInstance("tied", "PyTorch");
                Model other = Model.newInstance("tied", "PyTorch")) {
            model.setBlock(module);
            model.save(folder, "tied");
            other.setBlock(loaded);
            other.load(folder, "tied");

            assertThat(loaded.forward(input).head().toFloatArray())
                    .containsExactly(module.forward(input).head().toFloatArray());
            assertThat(loaded.head.getParameters().get("weight").getArray())
                    .isSameAs(loaded.embedding.getParameters().get("weight").getArray());
        }
    }

    @Test
    void whatCannotBeTied_isRefused() {
        Embedding embedding = new Embedding(TOKENS, 4);
        assertThatThrownBy(() -> new Linear(3, TOKENS)
                        .tie("weight", embedding.getParameters().get("weight")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("(7, 4)")
                .hasMessageContaining("(7, 3)");
        assertThatThrownBy(() -> new Linear(4, TOKENS)
                        .tie("table", embedding.getParameters().get("weight")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("[weight, bias]");
        Linear made = new Linear(4, TOKENS);
        made.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
        assertThatThrownBy(() -> made.tie("weight", embedding.getParameters().get("weight")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("tie it first");
    }
}
