package io.github.lightning4j;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.Chain;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Runs layers in training so that those whose parameters are all frozen evaluate. The parameters' own flags decide, so that
 * there is no further state to save; chains are followed inwards, where DJL would train a frozen member.
 */
final class FrozenLayers {
    private static final Parameter[] NONE = {};

    private final Predicate<Parameter> isBuffer;
    private final StateChecks states;
    private final Map<Block, Parameter[]> weights = new ConcurrentHashMap<>();

    FrozenLayers(Predicate<Parameter> isBuffer, StateChecks states) {
        this.isBuffer = isBuffer;
        this.states = states;
    }

    /** Forgets which parameters layers have, as they may have been added since. */
    void refresh() {
        weights.clear();
    }

    NDList train(ParameterStore store, Block block, NDList inputs) {
        Parameter[] own = weightsOf(block);
        int frozen = 0;
        for (Parameter parameter : own) {
            frozen += parameter.requiresGradient() ? 0 : 1;
        }
        if (frozen == 0) {
            return states.forward(store, block, inputs, true);
        }
        if (frozen == own.length) {
            return states.forward(store, block, inputs, false);
        }
        return Chain.isPlain(block) ? chain(store, block, inputs) : states.forward(store, block, inputs, true);
    }

    private NDList chain(ParameterStore store, Block chain, NDList inputs) {
        NDList current = inputs;
        for (Block layer : chain.getChildren().values()) {
            StateChecks.check(ClassName.of(chain), layer, current);
            current = train(store, layer, current);
        }
        return current;
    }

    private Parameter[] weightsOf(Block block) {
        Parameter[] known = weights.get(block);
        if (known == null) {
            known = block.getParameters().values().stream()
                    .filter(isBuffer.negate())
                    .toList()
                    .toArray(NONE);
            weights.put(block, known);
        }
        return known;
    }
}
