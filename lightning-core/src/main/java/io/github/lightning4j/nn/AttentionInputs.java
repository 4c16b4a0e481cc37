package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.lightning4j.DataException;

/**
 * Gathers the inputs of {@link MultiheadAttention}, {@link TransformerEncoderLayer} and {@link TransformerEncoder}, whose
 * masks have torch's shapes and meanings: what is masked is <em>not</em> looked at.
 *
 * <pre>{@code
 * call(attention, AttentionInputs.of(query, key, value).keyPadding(padding).mask(mask).list())
 * }</pre>
 */
public final class AttentionInputs {
    private final NDList list;

    private AttentionInputs(NDList list) {
        this.list = list;
    }

    /**
     * Begins with samples that attend to themselves.
     *
     * @param x (N, L, size)
     * @return the inputs so far
     */
    public static AttentionInputs of(NDArray x) {
        return new AttentionInputs(new NDList(x));
    }

    /**
     * Begins with samples that attend to others, for {@link MultiheadAttention}.
     *
     * @param query (N, L, size)
     * @param key (N, S, size)
     * @param value (N, S, size)
     * @return the inputs so far
     */
    public static AttentionInputs of(NDArray query, NDArray key, NDArray value) {
        return new AttentionInputs(new NDList(query, key, value));
    }

    /**
     * Adds torch's {@code key_padding_mask}. Each sample needs a key that is looked at.
     *
     * @param padding BOOLEAN (N, S), true where a key is not to be looked at
     * @return this
     */
    public AttentionInputs keyPadding(NDArray padding) {
        list.add(padding);
        return this;
    }

    /**
     * Adds torch's {@code attn_mask}. Each step needs a key that is looked at.
     *
     * @param mask (L, S), or one for each sample and head (N * heads, L, S): BOOLEAN, true where a key is not to be looked
     *     at, or numbers of the samples' type, added before softmax
     * @return this
     * @throws DataException if it has another number of axes
     */
    public AttentionInputs mask(NDArray mask) {
        list.add(threeAxes(mask));
        return this;
    }

    /** A 2-D BOOLEAN would be taken for padding. */
    static NDArray threeAxes(NDArray mask) {
        int axes = mask.getShape().dimension();
        if (axes != 2 && axes != 3) {
            throw new DataException("A mask of attention has the shape " + mask.getShape()
                    + ", but it must be (steps, keys) or (samples * heads, steps, keys).");
        }
        return axes == 3 ? mask : mask.expandDims(0);
    }

    /**
     * The inputs.
     *
     * @return the list to call the layer with
     */
    public NDList list() {
        return list;
    }
}
