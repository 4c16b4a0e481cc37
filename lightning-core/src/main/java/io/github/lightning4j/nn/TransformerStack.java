package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.name.ClassName;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Layers one after the other, all with the same further inputs, and a norm at the end where norms come first. */
abstract class TransformerStack extends TorchNetwork {
    private final List<Block> layers = new ArrayList<>();
    private final List<Block> norms = new ArrayList<>();

    TransformerStack(int count, int size, TransformerOptions options, Supplier<? extends Block> layer) {
        Require.atLeast(1, count, "count of layers of " + ClassName.of(this));
        for (int i = 0; i < count; i++) {
            layers.add(addChildBlock("layers." + i, layer.get()));
        }
        if (options.normFirst) {
            norms.add(addChildBlock("norm", new LayerNorm(options.eps, size)));
        }
    }

    @Override
    final NDArray compute(Pass pass, NDList inputs) {
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
