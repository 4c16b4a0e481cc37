package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.lightning4j.internal.torch.TorchFunction;

/**
 * torch's {@code TransformerEncoderLayer} with samples first: attention to itself and hidden units, each added to what it
 * was given and normalised (Vaswani et al. 2017). Parameters {@code self_attn...}, {@code linear1...}, {@code linear2...},
 * {@code norm1...}, {@code norm2...}.
 *
 * <p>Inputs: (N, L, size); then, if wanted, the padding: BOOLEAN (N, L), true where a step is not to be looked at. Output:
 * (N, L, size).
 */
public final class TransformerEncoderLayer extends TorchNetwork {
    private final TransformerOptions options;
    private final MultiheadAttention attention;
    private final Linear linear1;
    private final Linear linear2;
    private final LayerNorm norm1;
    private final LayerNorm norm2;
    private final TorchFunction activation;
    private final TorchFunction evaluated;
    private final TorchFunction add;

    /**
     * Creates the layer.
     *
     * @param size numbers a step, a multiple of heads
     * @param heads how many heads of attention share them, 1 or more
     * @param options hidden units, dropout, activation, place of the norms
     * @throws io.github.lightning4j.ConfigurationException if the heads do not divide the size
     */
    public TransformerEncoderLayer(int size, int heads, TransformerOptions options) {
        this.options = options;
        MultiheadAttention self = options.causal
                ? MultiheadAttention.causal(size, heads, options.dropout)
                : new MultiheadAttention(size, heads, options.dropout);
        attention = addChildBlock("self_attn", self);
        linear1 = addChildBlock("linear1", new Linear(size, options.feedforward));
        linear2 = addChildBlock("linear2", new Linear(options.feedforward, size));
        norm1 = addChildBlock("norm1", new LayerNorm(options.eps, size));
        norm2 = addChildBlock("norm2", new LayerNorm(options.eps, size));
        String drop = ", " + options.dropout + ", True)";
        activation = TorchFunction.returning("x", "torch.dropout(" + options.activation + drop);
        evaluated = TorchFunction.returning("x", options.activation);
        add = TorchFunction.returning("x, y", "x + torch.dropout(y" + drop);
    }

    @Override
    NDArray compute(Pass pass, NDList inputs) {
        NDArray x = inputs.head();
        NDArray[] padding = inputs.subNDList(1).toArray(new NDArray[0]);
        if (options.normFirst) {
            NDArray attended = plus(pass, x, attend(pass, pass.through(norm1, x), padding));
            return plus(pass, attended, hidden(pass, pass.through(norm2, attended)));
        }
        NDArray attended = pass.through(norm1, plus(pass, x, attend(pass, x, padding)));
        return pass.through(norm2, plus(pass, attended, hidden(pass, attended)));
    }

    private NDArray attend(Pass pass, NDArray x, NDArray[] padding) {
        return padding.length == 0 ? pass.through(attention, x) : pass.through(attention, x, padding[0]);
    }

    private NDArray hidden(Pass pass, NDArray x) {
        NDArray units = pass.through(linear1, x);
        return pass.through(linear2, (pass.training() ? activation : evaluated).apply(units));
    }

    private NDArray plus(Pass pass, NDArray x, NDArray y) {
        return pass.training() && options.dropout > 0 ? add.apply(x, y) : x.add(y);
    }
}
