package io.github.lightning4j.examples.docs;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.init.TorchInitializer;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.optim.Adam;

public final class LitMnist extends LightningModule {
    private static final LogOptions ON_BAR = LogOptions.progressBar();

    private final Block net = addChildBlock("net", mlp());
    private final Accuracy accuracy = metric("val_acc", new Accuracy(10));

    @Override
    public NDArray trainingStep(Batch batch, int batchIndex) {
        NDArray logits = call(net, batch.getData()).head();
        NDArray loss = Losses.crossEntropy(logits, batch.getLabels().head());
        log("train_loss", loss, ON_BAR);
        return loss;
    }

    @Override
    public void validationStep(Batch batch, int batchIndex) {
        NDArray logits = call(net, batch.getData()).head();
        accuracy.update(logits, batch.getLabels().head());
        log("val_acc", accuracy, ON_BAR);
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        return Adam.builder(parameters()).lr(1e-3).build();
    }

    private static Block mlp() {
        Block block = new SequentialBlock()
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(50).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(10).build());
        TorchInitializer.applyTo(block);
        return block;
    }
}
