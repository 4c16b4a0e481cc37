package io.github.lightning4j.nn;

import io.github.lightning4j.internal.torch.TorchFunction;
import org.jspecify.annotations.Nullable;

/**
 * The text of attention with one set of inputs.
 *
 * @param three whether query, key and value are given, or one for all
 * @param padded whether the padding of keys is given
 * @param mask which kind of mask is given
 * @param ofInputs the adapter of the projection of inputs, or null
 * @param ofOutputs the adapter of the projection of the output, or null
 */
record AttentionText(
        int size,
        int heads,
        boolean three,
        boolean padded,
        Mask mask,
        @Nullable LowRank ofInputs,
        @Nullable LowRank ofOutputs) {
    /** Kinds of masks. */
    enum Mask {
        NONE,
        BOOLEAN,
        ADDED
    }

    /** Writes the function of x, key, value, padding, mask (those there are), w, b, wo, bo, adapters behind what they adapt. */
    TorchFunction write(boolean training, double dropout, boolean causal) {
        String body = split("q", "x", 0, training)
                + split("k", three ? "key" : "x", 1, training)
                + split("v", three ? "value" : "x", 2, training);
        boolean causalAlone = causal && !padded && mask == Mask.NONE;
        String seen = causalAlone ? "" : allowed(causal);
        body += seen;
        String given = "None";
        if (mask == Mask.ADDED) {
            body += perHead("added");
            body += seen.isEmpty() ? "" : "added = torch.masked_fill(added, torch.logical_not(seen), float('-inf'))\n";
            given = "added";
        } else if (!seen.isEmpty()) {
            given = "seen";
        }
        body += "out = torch.scaled_dot_product_attention(q, k, v, " + given + ", " + (training ? dropout : 0) + ", "
                + (causalAlone ? "True" : "False") + ")\n";
        body += "out = out.transpose(1, 2).reshape([x.size(0), x.size(1), " + size + "])\n";
        body += "return torch.linear(out, wo, bo)"
                + (ofOutputs == null ? "" : ofOutputs.term("out", "loa", "lob", training));
        String names = "x" + (three ? ", key, value" : "") + (padded ? ", padding" : "")
                + (mask == Mask.NONE ? "" : ", mask") + ", w, b" + (ofInputs == null ? "" : ", la, lb") + ", wo, bo"
                + (ofOutputs == null ? "" : ", loa, lob");
        return TorchFunction.of(names, body);
    }

    private String split(String name, String input, int part, boolean training) {
        String rows = "[" + part * size + ":" + (part + 1) * size + "]";
        String added = ofInputs == null ? "" : ofInputs.term(input, "la", "lb" + rows, training);
        return name + " = (torch.linear(" + input + ", w" + rows + ", b" + rows + ")" + added + ").view([" + input
                + ".size(0), " + input + ".size(1), " + heads + ", " + size / heads + "]).transpose(1, 2)\n";
    }

    /** Which keys are looked at, if one of three says so. */
    private String allowed(boolean causal) {
        StringBuilder text = new StringBuilder();
        if (padded) {
            text.append("seen = torch.logical_not(padding).view([x.size(0), 1, 1, -1])\n");
        }
        if (mask == Mask.BOOLEAN) {
            text.append(perHead("hidden"));
            and(text, "torch.logical_not(hidden)");
        }
        if (causal) {
            and(text, "torch.ones([q.size(2), k.size(2)], dtype=11, device=x.device).tril()");
        }
        return text.toString();
    }

    private static void and(StringBuilder text, String more) {
        boolean first = text.indexOf("seen = ") < 0;
        text.append("seen = ")
                .append(first ? more : "torch.logical_and(seen, " + more + ")")
                .append('\n');
    }

    /** One for all samples and heads, or one for each. */
    private String perHead(String name) {
        return "samples = torch.floordiv(mask.size(0) + " + (heads - 1) + ", " + heads + ")\n" + name
                + " = mask.view([samples, torch.floordiv(mask.size(0), samples), mask.size(1), mask.size(2)])\n";
    }
}
