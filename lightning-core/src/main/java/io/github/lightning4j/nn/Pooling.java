package io.github.lightning4j.nn;

import io.github.lightning4j.internal.torch.TorchFunction;

/** How the tokens of a text become what an encoder gives. */
public enum Pooling {
    /** Not at all: (N, L, size). */
    NONE("x"),

    /** The mean over the tokens that are no padding: (N, size). Sentence-transformers of the kind all-MiniLM have it. */
    MEAN("(x * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True).clamp(min=1e-9)"),

    /** The first token, {@code [CLS]}: (N, size). */
    CLS("x[:, 0]");

    /** Of tokens (N, L, size) and of a mask (N, L), 1 where a token counts and 0 where it does not. */
    final TorchFunction function;

    Pooling(String expression) {
        function = TorchFunction.of("x, kept", "mask = kept.to(dtype=x.dtype)\nreturn " + expression);
    }
}
