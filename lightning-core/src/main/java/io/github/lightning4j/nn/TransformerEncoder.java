package io.github.lightning4j.nn;

/**
 * A stack of {@link TransformerEncoderLayer}s, with a norm at the end where norms come first. Parameters {@code
 * layers.0...}, ..., {@code norm...}. Unlike torch's, whose layers are copies of one, each layer starts with numbers of its
 * own, as torch's documentation advises.
 *
 * <p>Inputs and output: as of a layer.
 */
public final class TransformerEncoder extends TransformerStack {

    /**
     * Creates the stack.
     *
     * @param count how many layers, 1 or more
     * @param size numbers a step, a multiple of heads
     * @param heads how many heads of attention share them, 1 or more
     * @param options of each layer
     * @throws io.github.lightning4j.ConfigurationException if a number is out of range
     */
    public TransformerEncoder(int count, int size, int heads, TransformerOptions options) {
        super(count, size, options, () -> new TransformerEncoderLayer(size, heads, options));
    }
}
