package io.github.lightning4j.summary;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import io.github.lightning4j.KnowsFlops;
import io.github.lightning4j.ModuleBlock;
import io.github.lightning4j.internal.torch.Chain;
import io.github.lightning4j.nn.LayerFlops;
import io.github.lightning4j.nn.TorchNetwork;
import java.util.List;
import java.util.OptionalLong;

/**
 * One call of a layer in a forward pass.
 *
 * @param outputBytes of the outputs that are none of the inputs
 * @param counted its operations, where they were looked at
 * @param inner the calls within it
 */
record LayerCall(
        Block layer,
        List<Shape> inputs,
        List<Shape> outputs,
        long outputBytes,
        OptionalLong counted,
        List<LayerCall> inner) {

    Flops flops() {
        OptionalLong said = LayerFlops.of(layer, inputs, outputs);
        if (said.isPresent()) {
            return new Flops(said.getAsLong(), true);
        }
        if (counted.isPresent()) {
            return new Flops(counted.getAsLong(), true);
        }
        Flops seen = Flops.sum(inner.stream().map(LayerCall::flops).toList());
        return isSeenThrough(layer) ? seen : new Flops(seen.known(), false);
    }

    /** The bytes of what the innermost calls gave. */
    long activationBytes() {
        return inner.isEmpty()
                ? outputBytes
                : inner.stream().mapToLong(LayerCall::activationBytes).sum();
    }

    /** Whether its operations are known only to who looks at them. */
    static boolean isHidden(Block layer, List<Shape> inputs) {
        return !isSeenThrough(layer)
                && !(layer instanceof KnowsFlops)
                && LayerFlops.of(layer, inputs, inputs).isEmpty();
    }

    /** Whether a block does nothing worth counting but call layers where that is seen. */
    static boolean isSeenThrough(Block block) {
        return block instanceof ModuleBlock
                || block instanceof TorchNetwork
                || Chain.isPlain(block)
                || block.getClass() == ParallelBlock.class;
    }
}
