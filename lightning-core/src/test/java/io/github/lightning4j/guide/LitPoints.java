package io.github.lightning4j.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.nn.Linear;
import io.github.lightning4j.optim.Adam;
import java.util.SplittableRandom;

/** Tells points inside a ring from those outside. */
public final class LitPoints extends LightningModule {
    /** Its hyperparameters. */
    public record Config(double lr, int hidden) {}

    private final Config config;
    private final Block net;
    private final Accuracy accuracy = metric("accuracy", new Accuracy(2));

    public LitPoints(Config config) {
        super(config);
        this.config = config;
        net = addChildBlock(
                "net",
                new SequentialBlock()
                        .add(new Linear(2, config.hidden()))
                        .add(Activation.reluBlock())
                        .add(new Linear(config.hidden(), 2)));
    }

    @Override
    public NDArray trainingStep(Batch batch, int batchIndex) {
        NDArray loss = Losses.crossEntropy(
                call(net, batch.getData()).head(), batch.getLabels().head());
        log("train_loss", loss);
        return loss;
    }

    @Override
    public void validationStep(Batch batch, int batchIndex) {
        NDArray logits = call(net, batch.getData()).head();
        log("val_loss", Losses.crossEntropy(logits, batch.getLabels().head()));
        accuracy.update(logits, batch.getLabels().head());
        log("val_acc", accuracy);
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        return Adam.builder(parameters()).lr(config.lr()).build();
    }

    /** Random points of a square; those within a circle of half its area have class 1. */
    static TensorDataset points(NDManager manager, int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] data = new float[2 * count];
        long[] classes = new long[count];
        for (int i = 0; i < count; i++) {
            double x = random.nextDouble(-1, 1);
            double y = random.nextDouble(-1, 1);
            data[2 * i] = (float) x;
            data[2 * i + 1] = (float) y;
            classes[i] = x * x + y * y < 2 / Math.PI ? 1 : 0;
        }
        return TensorDataset.of(manager, data, new Shape(count, 2), classes);
    }
}
