package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.init.TorchInitializer;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.optim.Adam;

/** A backbone, which sees what is in an image, and a head, which says what class that is. */
final class LitTransfer extends LightningModule {
    private static final LogOptions ON_BAR = LogOptions.progressBar();

    private final double lr;
    private final Block backbone =
            addChildBlock("backbone", TorchInitializer.applyTo(backbone()), new Shape(1, 1, 28, 28));
    private final Block head;
    private final Accuracy accuracy;

    /** The hyperparameters, saved with every checkpoint. */
    record Config(int classes, double lr) {}

    LitTransfer(Config config) {
        super(config);
        lr = config.lr();
        Block linear = Linear.builder().setUnits(config.classes()).build();
        head = addChildBlock("head", TorchInitializer.applyTo(linear), new Shape(1, 64));
        accuracy = metric("accuracy", new Accuracy(config.classes()));
    }

    private static SequentialBlock backbone() {
        return new SequentialBlock()
                .add(convolution(16))
                .add(Activation::relu)
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(convolution(32))
                .add(Activation::relu)
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(64).build())
                .add(Activation::relu);
    }

    private static Block convolution(int filters) {
        return Conv2d.builder()
                .setFilters(filters)
                .setKernelShape(new Shape(5, 5))
                .optPadding(new Shape(2, 2))
                .build();
    }

    @Override
    public NDList forward(NDList images) {
        return call(head, call(backbone, images));
    }

    @Override
    public NDArray trainingStep(Batch batch, int batchIndex) {
        NDArray logits = forward(batch.getData()).head();
        NDArray loss = Losses.crossEntropy(logits, batch.getLabels().head());
        log("train_loss", loss, ON_BAR);
        return loss;
    }

    @Override
    public void validationStep(Batch batch, int batchIndex) {
        accuracy.update(forward(batch.getData()).head(), batch.getLabels().head());
        log("accuracy", accuracy, ON_BAR);
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        return Adam.builder(parameters()).lr(lr).build();
    }
}
