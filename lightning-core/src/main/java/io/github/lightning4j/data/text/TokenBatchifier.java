package io.github.lightning4j.data.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import java.util.ArrayList;
import java.util.List;

/** Pads texts to the longest of their batch. */
final class TokenBatchifier implements Batchifier {
    private final int padId;

    TokenBatchifier(int padId) {
        this.padId = padId;
    }

    @Override
    public NDList batchify(NDList[] inputs) {
        long[][] texts = new long[inputs.length][];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = inputs[i].head().toLongArray();
        }
        return TokenBatch.of(texts, padId).arrays(inputs[0].head().getManager());
    }

    @Override
    public NDList[] unbatchify(NDList inputs) {
        List<NDList> texts = new ArrayList<>();
        long[] lengths = inputs.get(1).sum(new int[] {1}).toLongArray();
        for (int i = 0; i < lengths.length; i++) {
            NDArray text = inputs.get(0).get(i).get("0:" + lengths[i]);
            texts.add(new NDList(text));
        }
        return texts.toArray(new NDList[0]);
    }
}
