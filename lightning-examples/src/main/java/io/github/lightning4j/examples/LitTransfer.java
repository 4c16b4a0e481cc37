package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.init.TorchInitializer;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.optim.scheduler.CosineAnnealingLR;

/** A backbone, which sees what is in an image, and a head, which says what class that is. */
final class LitTransfer extends LightningModule {
    private static final int FEATURES = 64;
    private static final LogOptions ON_BAR = LogOptions.progressBar();

    private final Config config;
    private final Block backbone =
            addChildBlock("backbone", TorchInitializer.applyTo(backbone()), new Shape(1, 1, 28, 28));
    private final Block head;
    private final Accuracy accuracy;

    /** The hyperparameters, saved with every checkpoint. */
    record Config(int classes, double lr, int epochs) {}

    LitTransfer(Config config) {
        super(config);
        this.config = config;
        Block linear = Linear.builder().setUnits(config.classes()).build();
        head = addChildBlock("head", TorchInitializer.applyTo(linear), new Shape(1, FEATURES));
        accuracy = metric("accuracy", new Accuracy(config.classes()));
    }

    private static SequentialBlock backbone() {
        SequentialBlock backbone = new SequentialBlock();
        for (int filters : new int[] {16, 32, FEATURES}) {
            backbone.add(Conv2d.builder()
                            .setFilters(filters)
                            .setKernelShape(new Shape(3, 3))
                            .optPadding(new Shape(1, 1))
                            .build())
                    .add(BatchNorm.builder().build())
                    .add(Activation::relu)
                    .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
        }
        return backbone.add(Pool.globalAvgPool2dBlock());
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
        Adam adam = Adam.builder(parameters()).lr(config.lr()).build();
        return adam.withScheduler(new CosineAnnealingLR(adam, config.epochs()));
    }
}
