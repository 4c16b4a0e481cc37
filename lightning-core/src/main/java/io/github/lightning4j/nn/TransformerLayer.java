package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.lightning4j.internal.torch.TorchFunction;

/** What layers of transformers share: each part is added to what it was given, and normalised before or after. */
abstract class TransformerLayer extends TorchNetwork {
    final TransformerOptions options;
    private final TorchFunction activation;
    private final TorchFunction evaluated;
    private final TorchFunction add;

    TransformerLayer(TransformerOptions options) {
        this.options = options;
        String drop = ", " + options.dropout + ", True)";
        activation = TorchFunction.returning("x", "torch.dropout(" + options.activation + drop);
        evaluated = TorchFunction.returning("x", options.activation);
        add = TorchFunction.returning("x, y", "x + torch.dropout(y" + drop);
    }

    final MultiheadAttention selfAttention(int size, int heads) {
        return options.causal
                ? MultiheadAttention.causal(size, heads, options.dropout)
                : new MultiheadAttention(size, heads, options.dropout);
    }

    final LayerNorm norm(int size) {
        return new LayerNorm(options.eps, size);
    }

    /** Adds what a part makes, and normalises. */
    final NDArray residual(Pass pass, NDArray x, LayerNorm norm, Part part) {
        if (options.normFirst) {
            return plus(pass, x, part.of(pass.through(norm, x)));
        }
        return pass.through(norm, plus(pass, x, part.of(x)));
    }

    /** Attention, with whatever follows the samples. */
    static NDArray attend(Pass pass, MultiheadAttention attention, NDList inputs) {
        return pass.through(attention, inputs.toArray(new NDArray[0]));
    }

    final NDArray hidden(Pass pass, Linear linear1, Linear linear2, NDArray x) {
        NDArray units = pass.through(linear1, x);
        return pass.through(linear2, (pass.training() ? activation : evaluated).apply(units));
    }

    private NDArray plus(Pass pass, NDArray x, NDArray y) {
        return pass.training() && options.dropout > 0 ? add.apply(x, y) : x.add(y);
    }

    /** What is added to its argument. */
    interface Part {
        NDArray of(NDArray x);
    }
}
