package io.github.lightning4j.data.text;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/** Texts padded to the longest of them, row by row, and where their tokens are. */
record TokenBatch(Shape shape, long[] ids, long[] mask) {

    static TokenBatch of(long[][] texts, int padId) {
        int longest = Arrays.stream(texts).mapToInt(text -> text.length).max().orElse(0);
        long[] ids = new long[texts.length * longest];
        long[] mask = new long[ids.length];
        Arrays.fill(ids, padId);
        for (int i = 0; i < texts.length; i++) {
            System.arraycopy(texts[i], 0, ids, i * longest, texts[i].length);
            Arrays.fill(mask, i * longest, i * longest + texts[i].length, 1);
        }
        return new TokenBatch(new Shape(texts.length, longest), ids, mask);
    }

    NDList arrays(NDManager manager) {
        return new NDList(manager.create(ids, shape), manager.create(mask, shape));
    }
}
