package io.github.lightning4j.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.recurrent.GRU;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.loss.CrossEntropyOptions;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.Adam;

public final class Tagger extends LightningModule {
    private static final CrossEntropyOptions OF_LETTERS =
            CrossEntropyOptions.builder().classAxis(-1).ignoreIndex(-100).build();

    private final Block gru = addChildBlock(
            "gru",
            GRU.builder().setNumLayers(1).setStateSize(16).optBatchFirst(true).build(),
            new Shape(1, 1, 27));
    private final Block head = addChildBlock("head", new io.github.lightning4j.nn.Linear(16, 2), new Shape(1, 1, 16));

    @Override
    public NDArray trainingStep(Batch batch, int batchIndex) {
        NDArray logits = forward(batch.getData()).head();
        NDArray loss = Losses.crossEntropy(logits, batch.getLabels().head(), OF_LETTERS);
        log("train_loss", loss);
        return loss;
    }

    @Override
    public NDList forward(NDList inputs) {
        NDArray states = call(gru, inputs.head().oneHot(27));
        return new NDList(call(head, states));
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        return Adam.builder(parameters()).lr(0.01).build();
    }
}
