package io.github.lightning4j.internal.torch;

import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Deconvolution;
import ai.djl.nn.core.Prelu;
import ai.djl.nn.transformer.BertBlock;
import ai.djl.nn.transformer.BertMaskedLanguageModelBlock;
import ai.djl.nn.transformer.BertPretrainingBlock;
import ai.djl.nn.transformer.TransformerEncoderBlock;
import ai.djl.pytorch.engine.PtSymbolBlock;
import io.github.lightning4j.internal.name.ClassName;
import org.jspecify.annotations.Nullable;

/** Layers of DJL's that compute or train wrongly on this engine. */
public final class UnusableLayers {
    private static final String OURS = "io.github.lightning4j.nn.";

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
        String name = ClassName.of(layer);
        if (RecurrentLayers.isUnusable(layer)) {
            return "a bidirectional " + name
                    + " with biases, whose parameters DJL hands to libtorch in a wrong order: it fails, or reads foreign"
                    + " memory. Use that of io.github.lightning4j.nn, or optHasBiases(false)";
        }
        if (layer instanceof PtSymbolBlock) {
            return "a TorchScript network as DJL loads it, which begins in the wrong mode, hides its buffers from"
                    + " checkpoints and cannot be part of a graph after an evaluation. Use TorchScriptBlock.of(block), or"
                    + " TorchScriptBlock.load(file)";
        }
        if (layer instanceof Deconvolution) {
            return "a " + name + ", which DJL cannot run on PyTorch. Use " + OURS
                    + "ConvTranspose1d or ConvTranspose2d";
        }
        if (layer instanceof Prelu) {
            return "a Prelu, which DJL cannot run on PyTorch. Use " + OURS + "PReLU";
        }
        return ofTransformers(layer, name);
    }

    private static @Nullable String ofTransformers(Block layer, String name) {
        if (layer instanceof TransformerEncoderBlock
                || layer instanceof BertBlock
                || layer instanceof BertPretrainingBlock
                || layer instanceof BertMaskedLanguageModelBlock) {
            return "a " + name
                    + ", which has BatchNorm where transformers have LayerNorm, so that no trained encoder fits"
                    + " it. Use " + OURS + "TransformerEncoder";
        }
        return null;
    }
}
