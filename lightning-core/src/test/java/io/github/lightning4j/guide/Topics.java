package io.github.lightning4j.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.nn.BertEncoder;
import io.github.lightning4j.nn.Linear;
import io.github.lightning4j.optim.AdamW;

public final class Topics extends LightningModule {
    private final Block encoder;
    private final Block head;

    public Topics(BertEncoder encoder, int classes) {
        int size = encoder.config().hiddenSize();
        this.encoder = addChildBlock("encoder", encoder, new Shape(1, 1));
        head = addChildBlock("head", new Linear(size, classes), new Shape(1, size));
    }

    @Override
    public NDList forward(NDList inputs) {
        return call(head, call(encoder, inputs));
    }

    @Override
    public NDArray trainingStep(Batch batch, int batchIndex) {
        NDArray logits = forward(batch.getData()).head();
        return Losses.crossEntropy(logits, batch.getLabels().head());
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        return AdamW.builder(parameters()).lr(1e-2).build();
    }
}
