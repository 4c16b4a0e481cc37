package io.github.lightning4j.tuner;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.nn.Linear;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.optim.scheduler.StepLR;

/** A module with all that a trial could change: weights, running statistics, a buffer, a metric, a count, what is frozen. */
class WholeModule extends LightningModule {
    final Block net = addChildBlock(
            "net",
            new SequentialBlock()
                    .add(new Linear(TestData.FEATURES, 8))
                    .add(BatchNorm.builder().build())
                    .add(Dropout.builder().optRate(0.3f).build())
                    .add(new Linear(8, 2)));
    private final Accuracy accuracy = metric("accuracy", new Accuracy(2));
    final NDArray sum;
    long steps;

    WholeModule() {
        try (NDManager manager = NDManager.newBaseManager()) {
            sum = buffer("sum", manager.zeros(new Shape(1)));
        }
    }

    @Override
    public NDArray trainingStep(Batch batch, int batchIndex) {
        steps++;
        NDArray logits = call(net, batch.getData()).head();
        sum.addi(batch.getData().head().sum());
        accuracy.update(logits, batch.getLabels().head());
        log("train_acc", accuracy);
        return Losses.crossEntropy(logits, batch.getLabels().head());
    }

    /** A trial over more than one epoch leaves it frozen. */
    @Override
    public void onTrainEpochEnd() {
        freeze(net.getChildren().valueAt(0));
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        Adam adam = Adam.builder(parameters()).lr(0.01).build();
        return adam.withScheduler(new StepLR(adam, 1, 0.9));
    }

    @Override
    public void onSaveCheckpoint(StateWriter state) {
        state.putLong("steps", steps);
    }

    @Override
    public void onLoadCheckpoint(StateReader state) {
        steps = state.getLong("steps");
    }
}
