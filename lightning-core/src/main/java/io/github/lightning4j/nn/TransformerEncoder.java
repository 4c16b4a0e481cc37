package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import io.github.lightning4j.Require;
import java.util.ArrayList;
import java.util.List;

/**
 * A stack of {@link TransformerEncoderLayer}s, with a norm at the end where norms come first. Parameters {@code
 * layers.0...}, ..., {@code norm...}. Unlike torch's, whose layers are copies of one, each layer starts with numbers of its
 * own, as torch's documentation advises.
 *
 * <p>Inputs and output: as of a layer.
 */
public final class TransformerEncoder extends TorchNetwork {
    private final List<Block> layers = new ArrayList<>();
    private final List<Block> norms = new ArrayList<>();

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
        Require.atLeast(1, count, "count of layers of TransformerEncoder");
        for (int i = 0; i < count; i++) {
            layers.add(addChildBlock("layers." + i, new TransformerEncoderLayer(size, heads, options)));
        }
        if (options.normFirst) {
            norms.add(addChildBlock("norm", new LayerNorm(options.eps, size)));
        }
    }

    @Override
    NDArray compute(Pass pass, NDList inputs) {
        NDArray[] current = inputs.toArray(new NDArray[0]);
        for (Block layer : layers) {
            current[0] = pass.through(layer, current);
        }
        for (Block norm : norms) {
            current[0] = pass.through(norm, current[0]);
        }
        return current[0];
    }
}
