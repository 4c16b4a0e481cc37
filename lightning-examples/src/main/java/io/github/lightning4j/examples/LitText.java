package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.ParameterList;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Every;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.nn.BertEncoder;
import io.github.lightning4j.nn.Linear;
import io.github.lightning4j.nn.LoRA;
import io.github.lightning4j.optim.AdamW;
import io.github.lightning4j.optim.scheduler.LinearLR;

/** A pretrained encoder of texts and a new head that tells their class. */
final class LitText extends LightningModule {
    /** What of the encoder is trained. */
    enum Tuning {
        /** Nothing: the head alone. */
        HEAD,
        /** Adapters of rank 8 on queries and values. */
        LORA,
        /** Everything. */
        FULL
    }

    private static final LogOptions ON_BAR = LogOptions.progressBar();

    private final Config config;
    private final Block encoder;
    private final Block head;
    private final Accuracy valAccuracy;
    private final Accuracy testAccuracy;

    /** The hyperparameters, saved with every checkpoint. */
    record Config(String tuning, int classes, double lr, double headLr, int steps) {}

    LitText(Config config, BertEncoder pretrained) {
        super(config);
        this.config = config;
        int size = pretrained.config().hiddenSize();
        encoder = addChildBlock("encoder", pretrained, new Shape(1, 1));
        head = addChildBlock("head", new Linear(size, config.classes()), new Shape(1, size));
        valAccuracy = metric("val_acc", new Accuracy(config.classes()));
        testAccuracy = metric("test_acc", new Accuracy(config.classes()));
        switch (Tuning.valueOf(config.tuning())) {
            case HEAD -> freeze(encoder);
            case LORA ->
                LoRA.builder(8)
                        .alpha(16)
                        .dropout(0.1)
                        .targets("query", "value")
                        .build()
                        .applyTo(encoder);
            case FULL -> {}
        }
    }

    @Override
    public NDList forward(NDList inputs) {
        return call(head, call(encoder, inputs));
    }

    @Override
    public NDArray trainingStep(Batch batch, int batchIndex) {
        NDArray loss = Losses.crossEntropy(
                forward(batch.getData()).head(), batch.getLabels().head());
        log("train_loss", loss, ON_BAR);
        return loss;
    }

    @Override
    public void validationStep(Batch batch, int batchIndex) {
        valAccuracy.update(forward(batch.getData()).head(), batch.getLabels().head());
        log("val_acc", valAccuracy, ON_BAR);
    }

    @Override
    public void testStep(Batch batch, int batchIndex) {
        testAccuracy.update(forward(batch.getData()).head(), batch.getLabels().head());
        log("test_acc", testAccuracy);
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        AdamW.Builder adam = AdamW.builder(head.getParameters()).lr(config.headLr());
        if (!config.tuning().equals(Tuning.HEAD.name())) {
            adam.group("encoder", trained()).lr(config.lr());
        }
        AdamW optimizer = adam.build();
        return optimizer.withScheduler(new LinearLR(optimizer, 1, 0.02, config.steps()), Every.steps(1));
    }

    private ParameterList trained() {
        ParameterList trained = new ParameterList();
        parameters().forEach(pair -> {
            if (pair.getKey().startsWith("encoder.")) {
                trained.add(pair);
            }
        });
        return trained;
    }
}
