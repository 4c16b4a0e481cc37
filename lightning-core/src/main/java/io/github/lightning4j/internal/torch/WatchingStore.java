package io.github.lightning4j.internal.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import org.jspecify.annotations.Nullable;

/**
 * Hands layers the module's own parameters, and calls each layer that is called with it by a block of ours. DJL hands the store
 * from block to block, so a watched forward pass needs no change to the blocks.
 */
public abstract class WatchingStore extends ParameterStore {
    /** Creates a store. */
    protected WatchingStore(NDManager manager) {
        super(manager, false);
    }

    /** Calls a layer with this store, in evaluation. */
    public abstract NDList forward(Block layer, NDList inputs);

    /** Calls a layer with a store, which may be a watching one. */
    public static NDList forward(ParameterStore store, Block layer, NDList inputs, boolean training) {
        return store instanceof WatchingStore watching
                ? watching.forward(layer, inputs)
                : layer.forward(store, inputs, training);
    }

    @Override
    public @Nullable NDArray getValue(@Nullable Parameter parameter, Device device, boolean training) {
        return parameter == null ? null : parameter.getArray();
    }
}
