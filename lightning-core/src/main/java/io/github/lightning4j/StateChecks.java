package io.github.lightning4j;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.Chain;
import io.github.lightning4j.internal.torch.RecurrentLayers;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Compares the states that DJL's recurrent layers are given with their input, since nobody else does. Sequences in which a
 * member may hand states to a recurrent layer behind it are run member by member, as DJL runs them.
 */
final class StateChecks {
    private final Map<Block, Boolean> chains = new ConcurrentHashMap<>();

    /** Forgets what layers are made of, as some may have been added since. */
    void refresh() {
        chains.clear();
    }

    NDList forward(ParameterStore store, Block block, NDList inputs, boolean training) {
        if (!isChain(block)) {
            return block.forward(store, inputs, training, null);
        }
        NDList current = inputs;
        for (Block layer : block.getChildren().values()) {
            check(ClassName.of(block), layer, current);
            current = forward(store, layer, current, training);
        }
        return current;
    }

    private boolean isChain(Block block) {
        Boolean known = chains.get(block);
        if (known == null) {
            known = Chain.isPlain(block) && RecurrentLayers.hasOneBehind(block);
            chains.put(block, known);
        }
        return known;
    }

    /** Refuses states of another shape than the input asks for. */
    static void check(String name, Block block, NDList inputs) {
        String misfit = inputs.size() < 2 ? null : RecurrentLayers.misfit(block, inputs);
        if (misfit != null) {
            throw new DataException("call of " + name + ": " + misfit
                    + ". Begin a batch of another size without states or with new ones, or leave it out with dropLast(true)"
                    + " of the DataLoader.");
        }
    }
}
