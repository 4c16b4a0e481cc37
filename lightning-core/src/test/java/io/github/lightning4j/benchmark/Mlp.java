package io.github.lightning4j.benchmark;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.Adam;

/** The classifier of digits that the benchmarks train, 784-50-10, with one loss logged and shown per step. */
class Mlp extends LightningModule {
    static final int PIXELS = 784;
    static final int CLASSES = 10;
    static final int BATCH = 64;
    static final float RATE = 1e-3f;

    private static final LogOptions ON_BAR = LogOptions.progressBar();

    final Block net = addChildBlock("net", net());

    /** The layers alone. */
    static SequentialBlock net() {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(50).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(CLASSES).build());
    }

    /** Images of noise. */
    static NDArray images(NDManager manager, int samples) {
        return manager.randomUniform(0, 1, new Shape(samples, PIXELS));
    }

    /** A class for each. */
    static NDArray labels(NDManager manager, int samples) {
        try (NDArray uniform = manager.randomUniform(0, CLASSES, new Shape(samples))) {
            return uniform.toType(DataType.INT64, true);
        }
    }

    @Override
    public NDArray trainingStep(Batch batch, int batchIndex) {
        NDArray loss = Losses.crossEntropy(
                call(net, batch.getData()).head(), batch.getLabels().head());
        log("train_loss", loss, ON_BAR);
        return loss;
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        return Adam.builder(parameters()).lr(RATE).build();
    }
}
