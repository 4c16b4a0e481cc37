package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the inputs of {@link TransformerDecoderLayer} and {@link TransformerDecoder}, whose masks have torch's shapes and
 * meanings: what is masked is <em>not</em> looked at.
 *
 * <pre>{@code
 * call(decoder, DecoderInputs.of(target, memory).memoryPadding(padding).list())
 * }</pre>
 */
public final class DecoderInputs {
    private static final int MASKS = 4;

    private final NDArray target;
    private final NDArray memory;
    private final @Nullable NDArray[] masks = new NDArray[MASKS];

    private DecoderInputs(NDArray target, NDArray memory) {
        this.target = target;
        this.memory = memory;
    }

    /**
     * Begins without masks.
     *
     * @param target (N, T, size), what is decoded
     * @param memory (N, S, size), what an encoder made
     * @return the inputs so far
     */
    public static DecoderInputs of(NDArray target, NDArray memory) {
        return new DecoderInputs(target, memory);
    }

    /**
     * Adds torch's {@code tgt_mask}; {@link TransformerOptions.Builder#causal()} needs none.
     *
     * @param mask (T, T) or (N * heads, T, T): BOOLEAN, true where a step is not to be looked at, or numbers that are added
     * @return this
     * @throws io.github.lightning4j.DataException if it has another number of axes
     */
    public DecoderInputs targetMask(NDArray mask) {
        masks[0] = AttentionInputs.threeAxes(mask);
        return this;
    }

    /**
     * Adds torch's {@code memory_mask}.
     *
     * @param mask (T, S) or (N * heads, T, S): BOOLEAN, true where a step of the memory is not to be looked at, or numbers
     *     that are added
     * @return this
     * @throws io.github.lightning4j.DataException if it has another number of axes
     */
    public DecoderInputs memoryMask(NDArray mask) {
        masks[1] = AttentionInputs.threeAxes(mask);
        return this;
    }

    /**
     * Adds torch's {@code tgt_key_padding_mask}.
     *
     * @param padding BOOLEAN (N, T), true where a step is not to be looked at
     * @return this
     */
    public DecoderInputs targetPadding(NDArray padding) {
        masks[2] = padding;
        return this;
    }

    /**
     * Adds torch's {@code memory_key_padding_mask}.
     *
     * @param padding BOOLEAN (N, S), true where a step of the memory is not to be looked at
     * @return this
     */
    public DecoderInputs memoryPadding(NDArray padding) {
        masks[3] = padding;
        return this;
    }

    /**
     * The inputs: target, memory, and then the four masks in the order of these methods, where an array without elements
     * stands for none.
     *
     * @return the list to call the layer with
     */
    public NDList list() {
        NDList list = new NDList(target, memory);
        for (NDArray mask : masks) {
            list.add(mask == null ? target.getManager().zeros(new Shape(0), DataType.BOOLEAN) : mask);
        }
        return list;
    }
}
