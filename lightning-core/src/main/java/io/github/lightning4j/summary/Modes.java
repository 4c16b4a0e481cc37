package io.github.lightning4j.summary;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import io.github.lightning4j.ModuleBlock;
import io.github.lightning4j.internal.torch.Buffers;
import io.github.lightning4j.internal.torch.Chain;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Which layers evaluate in training steps: those whose parameters are all frozen, where a module calls them or a chain that it
 * calls has them, and all within.
 */
final class Modes {
    private final Set<Block> all = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Block> evaluating = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Parameter> buffers = Collections.newSetFromMap(new IdentityHashMap<>());

    private Modes(Block root) {
        if (root instanceof ModuleBlock module) {
            for (Pair<String, Parameter> buffer : module.buffers()) {
                buffers.add(buffer.getValue());
            }
        }
        visit(root, false, root instanceof ModuleBlock || Chain.isPlain(root));
    }

    static Modes of(Block root) {
        return new Modes(root);
    }

    /** A layer that is in several places is looked at in the first. */
    private void visit(Block block, boolean parentEvaluates, boolean looksAtFrozen) {
        for (Block child : block.getChildren().values()) {
            if (all.add(child)) {
                boolean evaluates = parentEvaluates || looksAtFrozen && isFrozen(child);
                if (evaluates) {
                    evaluating.add(child);
                }
                visit(child, evaluates, child instanceof ModuleBlock || looksAtFrozen && Chain.isPlain(child));
            }
        }
    }

    private boolean isFrozen(Block block) {
        int frozen = 0;
        for (Parameter parameter : block.getParameters().values()) {
            if (parameter.requiresGradient()) {
                return false;
            }
            frozen += Buffers.isStatistic(parameter) || buffers.contains(parameter) ? 0 : 1;
        }
        return frozen > 0;
    }

    boolean evaluates(Block block) {
        return evaluating.contains(block);
    }

    int evaluating() {
        return evaluating.size();
    }

    int training() {
        return all.size() - evaluating.size();
    }
}
