package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.nn.Linear;
import io.github.lightning4j.optim.SGD;

/** Tells digits by one hidden layer; what the examples of several runs train. */
final class LitDigits extends LightningModule {
    private static final int PIXELS = 28 * 28;
    private static final int CLASSES = 10;

    /**
     * Its hyperparameters.
     *
     * @param lr the learning rate
     * @param hidden the hidden units
     * @param dropout the share of them that is dropped in training
     */
    record Config(double lr, int hidden, double dropout) {}

    private final Config config;
    private final Block net;
    private final Accuracy accuracy = metric("accuracy", new Accuracy(CLASSES));

    LitDigits(Config config) {
        super(config);
        this.config = config;
        net = addChildBlock(
                "net",
                new SequentialBlock()
                        .add(Blocks.batchFlattenBlock())
                        .add(new Linear(PIXELS, config.hidden()))
                        .add(Activation::relu)
                        .add(Dropout.builder().optRate((float) config.dropout()).build())
                        .add(new Linear(config.hidden(), CLASSES)));
    }

    @Override
    public NDArray trainingStep(Batch batch, int batchIndex) {
        NDArray logits = call(net, batch.getData()).head();
        NDArray loss = Losses.crossEntropy(logits, batch.getLabels().head());
        log("train_loss", loss);
        return loss;
    }

    @Override
    public void validationStep(Batch batch, int batchIndex) {
        judge("val", batch);
    }

    @Override
    public void testStep(Batch batch, int batchIndex) {
        judge("test", batch);
    }

    private void judge(String stage, Batch batch) {
        NDArray logits = call(net, batch.getData()).head();
        NDArray labels = batch.getLabels().head();
        log(stage + "_loss", Losses.crossEntropy(logits, labels));
        accuracy.update(logits, labels);
        log(stage + "_acc", accuracy);
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        return SGD.builder(parameters()).lr(config.lr()).build();
    }
}
