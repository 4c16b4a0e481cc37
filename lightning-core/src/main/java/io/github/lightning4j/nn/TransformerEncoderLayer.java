package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/**
 * torch's {@code TransformerEncoderLayer} with samples first: attention to itself and hidden units, each added to what it
 * was given and normalised (Vaswani et al. 2017). Parameters {@code self_attn...}, {@code linear1...}, {@code linear2...},
 * {@code norm1...}, {@code norm2...}.
 *
 * <p>Inputs: (N, L, size); then, if wanted, the padding, BOOLEAN (N, L), true where a step is not to be looked at, and a
 * mask, (1, L, L) or (N * heads, L, L), BOOLEAN or added; {@link AttentionInputs} gathers them. Output: (N, L, size).
 */
public final class TransformerEncoderLayer extends TransformerLayer {
    private final MultiheadAttention attention;
    private final Linear linear1;
    private final Linear linear2;
    private final LayerNorm norm1;
    private final LayerNorm norm2;

    /**
     * Creates the layer.
     *
     * @param size numbers a step, a multiple of heads
     * @param heads how many heads of attention share them, 1 or more
     * @param options hidden units, dropout, activation, place of the norms
     * @throws io.github.lightning4j.ConfigurationException if the heads do not divide the size
     */
    public TransformerEncoderLayer(int size, int heads, TransformerOptions options) {
        super(options);
        attention = addChildBlock("self_attn", selfAttention(size, heads));
        linear1 = addChildBlock("linear1", new Linear(size, options.feedforward));
        linear2 = addChildBlock("linear2", new Linear(options.feedforward, size));
        norm1 = addChildBlock("norm1", norm(size));
        norm2 = addChildBlock("norm2", norm(size));
    }

    @Override
    NDArray compute(Pass pass, NDList inputs) {
        NDList masks = inputs.subNDList(1);
        NDArray attended =
                residual(pass, inputs.head(), norm1, x -> attend(pass, attention, new NDList(x).addAll(masks)));
        return residual(pass, attended, norm2, x -> hidden(pass, linear1, linear2, x));
    }
}
