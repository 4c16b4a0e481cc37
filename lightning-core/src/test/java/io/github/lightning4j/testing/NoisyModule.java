package io.github.lightning4j.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.optim.Adam;
import org.jspecify.annotations.Nullable;

/** A classifier with everything that could make two runs differ: dropout, batch norm, Adam's state and a metric. */
public class NoisyModule extends LightningModule {
    public final Block net = addChildBlock(
            "net",
            new SequentialBlock()
                    .add(Linear.builder().setUnits(16).build())
                    .add(BatchNorm.builder().build())
                    .add(Activation::relu)
                    .add(Dropout.builder().optRate(0.3f).build())
                    .add(Linear.builder().setUnits(2).build()));
    public final Accuracy accuracy = metric("accuracy", new Accuracy(2));

    @Override
    public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
        NDArray loss = Losses.crossEntropy(
                call(net, batch.getData()).head(), batch.getLabels().head());
        log("train_loss", loss);
        return loss;
    }

    @Override
    public void validationStep(Batch batch, int batchIndex) {
        NDArray logits = call(net, batch.getData()).head();
        accuracy.update(logits, batch.getLabels().head());
        log("val_accuracy", accuracy);
        log("val_loss", Losses.crossEntropy(logits, batch.getLabels().head()));
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        return Adam.builder(parameters()).lr(0.01).build();
    }
}
