package io.github.lightning4j.internal.torch;

import ai.djl.nn.Block;
import ai.djl.pytorch.engine.PtSymbolBlock;
import io.github.lightning4j.internal.name.ClassName;
import org.jspecify.annotations.Nullable;

/** Layers of DJL's that compute or train wrongly on this engine. */
public final class UnusableLayers {
    private UnusableLayers() {}

    /**
     * Looks for one.
     *
     * @param tree a layer and all below it
     * @return what it is, why it cannot be used and what to use, or null if there is none
     */
    public static @Nullable String find(Block tree) {
        String found = reason(tree);
        for (int i = 0; found == null && i < tree.getChildren().size(); i++) {
            found = find(tree.getChildren().valueAt(i));
        }
        return found;
    }

    private static @Nullable String reason(Block layer) {
        if (RecurrentLayers.isUnusable(layer)) {
            return "a bidirectional " + ClassName.of(layer)
                    + " with biases, whose parameters DJL hands to libtorch in a wrong order: it fails, or reads foreign"
                    + " memory. Use that of io.github.lightning4j.nn, or optHasBiases(false)";
        }
        if (layer instanceof PtSymbolBlock) {
            return "a TorchScript network as DJL loads it, which begins in the wrong mode, hides its buffers from"
                    + " checkpoints and cannot be part of a graph after an evaluation. Use TorchScriptBlock.of(block), or"
                    + " TorchScriptBlock.load(file)";
        }
        return null;
    }
}
