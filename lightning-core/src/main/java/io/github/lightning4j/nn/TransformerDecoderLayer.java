package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.lightning4j.DataException;
import java.util.Arrays;

/**
 * torch's {@code TransformerDecoderLayer} with samples first: attention to itself, attention to a memory, and hidden units,
 * each added to what it was given and normalised (Vaswani et al. 2017). Parameters {@code self_attn...}, {@code
 * multihead_attn...}, {@code linear1...}, {@code linear2...}, {@code norm1...} to {@code norm3...}.
 *
 * <p>Inputs: the target (N, T, size) and the memory (N, S, size); then, if wanted, four masks, which {@link DecoderInputs}
 * gathers. Output: (N, T, size).
 */
public final class TransformerDecoderLayer extends TransformerLayer {
    private final MultiheadAttention attention;
    private final MultiheadAttention memoryAttention;
    private final Linear linear1;
    private final Linear linear2;
    private final LayerNorm norm1;
    private final LayerNorm norm2;
    private final LayerNorm norm3;

    /**
     * Creates the layer.
     *
     * @param size numbers a step, a multiple of heads
     * @param heads how many heads of attention share them, 1 or more
     * @param options hidden units, dropout, activation, place of the norms; {@code causal} is about the target
     * @throws io.github.lightning4j.ConfigurationException if the heads do not divide the size
     */
    public TransformerDecoderLayer(int size, int heads, TransformerOptions options) {
        super(options);
        attention = addChildBlock("self_attn", selfAttention(size, heads));
        memoryAttention = addChildBlock("multihead_attn", new MultiheadAttention(size, heads, options.dropout));
        linear1 = addChildBlock("linear1", new Linear(size, options.feedforward));
        linear2 = addChildBlock("linear2", new Linear(options.feedforward, size));
        norm1 = addChildBlock("norm1", norm(size));
        norm2 = addChildBlock("norm2", norm(size));
        norm3 = addChildBlock("norm3", norm(size));
    }

    @Override
    NDArray compute(Pass pass, NDList inputs) {
        if (inputs.size() != 2 && inputs.size() != 6) {
            throw new DataException(
                    "TransformerDecoderLayer got inputs of shapes " + Arrays.toString(inputs.getShapes())
                            + ", but needs target and memory, and no mask or all four. Use DecoderInputs.");
        }
        NDArray memory = inputs.get(1);
        NDArray self =
                residual(pass, inputs.head(), norm1, x -> attend(pass, attention, withMasks(inputs, 2, new NDList(x))));
        NDArray informed = residual(
                pass,
                self,
                norm2,
                x -> attend(pass, memoryAttention, withMasks(inputs, 3, new NDList(x, memory, memory))));
        return residual(pass, informed, norm3, x -> hidden(pass, linear1, linear2, x));
    }

    private static NDList withMasks(NDList inputs, int mask, NDList samples) {
        for (int at = mask; at < inputs.size(); at += 2) {
            if (inputs.get(at).size() > 0) {
                samples.add(inputs.get(at));
            }
        }
        return samples;
    }
}
