package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.init.TorchInitializer;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.nn.ConvTranspose2d;
import io.github.lightning4j.nn.Linear;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.optim.scheduler.StepLR;

/** Squeezes images (N, 1, 28, 28) into a few numbers (N, code), and makes images of these again. */
final class LitAutoencoder extends LightningModule {
    private static final LogOptions ON_BAR = LogOptions.progressBar();
    private static final int SMALLEST = 32 * 7 * 7;

    private final double lr;
    private final Block encoder;
    private final Block decoder;

    /** The hyperparameters, saved with every checkpoint. */
    record Config(int code, double lr) {}

    LitAutoencoder(Config config) {
        super(config);
        lr = config.lr();
        encoder = addChildBlock("encoder", encoder(config.code()), new Shape(1, 1, 28, 28));
        decoder = addChildBlock("decoder", decoder(config.code()), new Shape(1, config.code()));
    }

    private static Block encoder(int code) {
        return TorchInitializer.applyTo(new SequentialBlock()
                .add(halving(16))
                .add(Activation::relu)
                .add(halving(32))
                .add(Activation::relu)
                .add(Blocks.batchFlattenBlock())
                .add(new Linear(SMALLEST, code)));
    }

    private static Block halving(int filters) {
        return Conv2d.builder()
                .setFilters(filters)
                .setKernelShape(new Shape(3, 3))
                .optStride(new Shape(2, 2))
                .optPadding(new Shape(1, 1))
                .build();
    }

    private static Block decoder(int code) {
        return new SequentialBlock()
                .add(new Linear(code, SMALLEST))
                .add(Activation::relu)
                .add(LambdaBlock.singleton(units -> units.reshape(-1, 32, 7, 7), "unflatten"))
                .add(new ConvTranspose2d(32, 16, 4, 2, 1, 0))
                .add(Activation::relu)
                .add(new ConvTranspose2d(16, 1, 4, 2, 1, 0))
                .add(Activation::sigmoid);
    }

    @Override
    public NDList forward(NDList images) {
        return call(decoder, call(encoder, images));
    }

    private NDArray loss(Batch batch) {
        return Losses.mse(forward(batch.getData()).head(), batch.getData().head());
    }

    @Override
    public NDArray trainingStep(Batch batch, int batchIndex) {
        NDArray loss = loss(batch);
        log("train_loss", loss, ON_BAR);
        return loss;
    }

    @Override
    public void validationStep(Batch batch, int batchIndex) {
        log("val_loss", loss(batch), ON_BAR);
    }

    @Override
    public void testStep(Batch batch, int batchIndex) {
        log("test_loss", loss(batch));
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        Adam adam = Adam.builder(parameters()).lr(lr).build();
        return adam.withScheduler(new StepLR(adam, 1, 0.8));
    }
}
