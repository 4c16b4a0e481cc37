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
import io.github.lightning4j.DataException;
import io.github.lightning4j.internal.torch.ModuleParameterStore;
import io.github.lightning4j.internal.torch.TorchRandom;
import io.github.lightning4j.internal.torch.TorchRuntime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Masks and dropout of attention and of what is made of it; its figures are in {@link LayerFiguresTest}. */
class AttentionTest {
    private static final double HALF = 0.5;

    private final NDManager manager = manager();

    private static NDManager manager() {
        TorchRuntime.load();
        return NDManager.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void maskOfTwoAxes_isMaskAndNotPadding() {
        NDArray x = manager.randomNormal(new Shape(4, 4, 6));
        NDArray future = future(4);

        MultiheadAttention plain = initialized(new MultiheadAttention(6, 2));
        MultiheadAttention causal = MultiheadAttention.causal(6, 2, 0);
        share(plain, causal);

        assertThat(run(plain, AttentionInputs.of(x).mask(future).list(), false).toFloatArray())
                .containsExactly(run(causal, new NDList(x), false).toFloatArray(), within(1e-6f));
    }

    @Test
    void dropout_dropsItsPartOfTheWeightsInTraining() {
        MultiheadAttention attention = initialized(new MultiheadAttention(1, 1, HALF));
        set(attention, 0, 0, 0, 1);
        NDArray ones = manager.ones(new Shape(4000, 1, 1));
        TorchRandom.seed(3);

        float[] trained = run(attention, new NDList(ones), true).toFloatArray();

        int kept = 0;
        for (float each : trained) {
            assertThat(each).isIn(0f, 2f);
            kept += each > 0 ? 1 : 0;
        }
        assertThat(kept).isBetween(2000 - 160, 2000 + 160);
        assertThat(run(attention, new NDList(ones), false).toFloatArray()).containsOnly(1f);
    }

    @Test
    void dropoutOfLayers_keepsTheMeanAndIsOffInEvaluation() {
        TransformerOptions options =
                TransformerOptions.builder().feedforward(8).dropout(0.3).build();
        NDArray x = manager.randomNormal(new Shape(1, 3, 4));
        for (Block layer :
                List.of(new TransformerEncoderLayer(4, 2, options), new TransformerDecoderLayer(4, 2, options))) {
            initialized(layer);
            NDList inputs = layer instanceof TransformerDecoderLayer ? new NDList(x, x) : new NDList(x);

            assertThat(run(layer, inputs, false).toFloatArray())
                    .containsExactly(run(layer, inputs, false).toFloatArray());
            assertThat(run(layer, inputs, true).toFloatArray())
                    .isNotEqualTo(run(layer, inputs, true).toFloatArray());
        }
    }

    @Test
    void masksThatDoNotFit_areRefused() {
        MultiheadAttention attention = initialized(new MultiheadAttention(6, 2));
        NDArray x = manager.randomNormal(new Shape(2, 3, 6));

        assertThatThrownBy(() ->
                        run(attention, AttentionInputs.of(x).mask(future(4)).list(), false))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("(1, 4, 4)")
                .hasMessageContaining("(1, 3, 3)")
                .hasMessageContaining("(4, 3, 3)");
        assertThatThrownBy(() -> AttentionInputs.of(x).mask(manager.zeros(new Shape(3))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("(3)");
        assertThatThrownBy(() -> run(
                        attention, AttentionInputs.of(x).keyPadding(future(3)).list(), false))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("a padding of shape (2, 3)");
        assertThatThrownBy(() -> run(
                        attention,
                        AttentionInputs.of(x).mask(future(3)).mask(future(3)).list(),
                        false))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("two masks");
        assertThatThrownBy(() -> run(new TransformerDecoderLayer(6, 2, options()), new NDList(x), false))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("DecoderInputs");
    }

    @Test
    void learnedEncoding_refusesMoreStepsThanItHas() {
        LearnedPositionalEncoding encoding = initialized(new LearnedPositionalEncoding(2, 6));

        assertThatThrownBy(() -> run(encoding, new NDList(manager.ones(new Shape(1, 3, 6))), false))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("up to 2 steps");
    }

    private static TransformerOptions options() {
        return TransformerOptions.builder().build();
    }

    private NDArray future(int steps) {
        NDArray at = manager.arange(steps);
        return at.expandDims(0).gt(at.expandDims(1));
    }

    private <B extends Block> B initialized(B block) {
        block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 1));
        return block;
    }

    private static void share(Block from, Block to) {
        for (int i = 0; i < from.getParameters().size(); i++) {
            to.getParameters().valueAt(i).setShape(null);
            to.getParameters()
                    .valueAt(i)
                    .setArray(from.getParameters().valueAt(i).getArray());
        }
    }

    /** Queries and keys are 0, values the inputs themselves. */
    private void set(Block attention, float bias, float query, float key, float value) {
        attention.getParameters().get("in_proj_weight").getArray().set(new float[] {query, key, value});
        attention.getParameters().get("01out_proj_weight").getArray().set(new float[] {1});
        attention.getParameters().get("01out_proj_bias").getArray().set(new float[] {bias});
    }

    private NDArray run(Block block, NDList inputs, boolean training) {
        return block.forward(new ModuleParameterStore(manager), inputs, training)
                .head();
    }
}
