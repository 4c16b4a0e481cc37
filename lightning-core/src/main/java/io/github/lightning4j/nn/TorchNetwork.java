package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.lightning4j.KnowsShapes;
import io.github.lightning4j.NamesLayers;
import io.github.lightning4j.internal.torch.WatchingStore;
import org.jspecify.annotations.Nullable;

/** A layer made of layers, which keep the shape of its first input: each is initialised with it, in order. */
public abstract class TorchNetwork extends AbstractBlock implements KnowsShapes, NamesLayers {

    TorchNetwork() {}

    abstract NDArray compute(Pass pass, NDList inputs);

    @Override
    protected final NDList forwardInternal(
            ParameterStore parameterStore, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        return new NDList(compute(new Pass(parameterStore, training), inputs));
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
        for (Block child : getChildren().values()) {
            child.initialize(manager, dataType, inputShapes);
        }
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0]};
    }

    /** One forward pass. */
    record Pass(ParameterStore store, boolean training) {

        NDArray through(Block layer, NDArray... inputs) {
            return WatchingStore.forward(store, layer, new NDList(inputs), training)
                    .head();
        }
    }
}
