package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogItem;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.init.TorchInitializer;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.metric.ConfusionMatrix;
import io.github.lightning4j.metric.PrecisionRecallCurve;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.optim.scheduler.StepLR;
import io.github.lightning4j.plot.ImageGrid;

/** A convolutional network for small grey images of ten classes: how it computes, how it learns, how it is judged. */
final class LitMnist extends LightningModule {
    private static final LogOptions ON_BAR = LogOptions.progressBar();

    private final double lr;
    private final Block net = addChildBlock("net", TorchInitializer.applyTo(network()));
    private final Accuracy valAccuracy = metric("val_acc", new Accuracy(10));
    private final Accuracy testAccuracy = metric("test_acc", new Accuracy(10));
    private final ConfusionMatrix valConfusion =
            metric("val_confusion", ConfusionMatrix.multiclass(10).build());
    private final ConfusionMatrix testConfusion =
            metric("test_confusion", ConfusionMatrix.multiclass(10).build());
    private final PrecisionRecallCurve testCurve = metric(
            "test_pr",
            PrecisionRecallCurve.multiclass(10).logits().thresholds(201).build());
    private TestTable testTable = new TestTable(10);
    private WrongDigits wrongDigits = new WrongDigits();

    /** The hyperparameters, saved with every checkpoint. */
    record Config(double lr) {}

    LitMnist(Config config) {
        super(config);
        lr = config.lr();
    }

    private static Block network() {
        return new SequentialBlock()
                .add(convolution(16))
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(convolution(32))
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(128).build())
                .add(Activation::relu)
                .add(Dropout.builder().optRate(0.25f).build())
                .add(Linear.builder().setUnits(10).build());
    }

    private static Block convolution(int filters) {
        return Conv2d.builder()
                .setFilters(filters)
                .setKernelShape(new Shape(5, 5))
                .optPadding(new Shape(2, 2))
                .build();
    }

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
        NDArray labels = batch.getLabels().head();
        log("val_loss", Losses.crossEntropy(logits, labels));
        valAccuracy.update(logits, labels);
        log("val_acc", valAccuracy, ON_BAR);
        valConfusion.update(logits, labels);
        log("val_confusion", valConfusion);
    }

    @Override
    public void onTestStart() {
        testTable = new TestTable(10);
        wrongDigits = new WrongDigits();
    }

    @Override
    public void testStep(Batch batch, int batchIndex) {
        NDArray logits = call(net, batch.getData()).head();
        NDArray labels = batch.getLabels().head();
        log("test_loss", Losses.crossEntropy(logits, labels));
        testAccuracy.update(logits, labels);
        log("test_acc", testAccuracy);
        testConfusion.update(logits, labels);
        log("test_confusion", testConfusion);
        testCurve.update(logits, labels);
        log("test_pr", testCurve);
        testTable.add(logits, labels);
        wrongDigits.add(batch.getData().head(), logits, labels);
    }

    @Override
    public void onTestEpochEnd() {
        logItem("test_wrong", () -> wrongDigits.sheet().toImage());
        logItem("test_classes", () -> new LogItem.Text("```\n" + testTable + "```"));
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        Adam adam = Adam.builder(parameters()).lr(lr).build();
        return adam.withScheduler(new StepLR(adam, 1, 0.75));
    }

    /** The digits that the test got wrong, or the first of them. */
    ImageGrid wrongDigits() {
        return wrongDigits.sheet();
    }

    /** What the test found, class by class. */
    TestTable testTable() {
        return testTable;
    }
}
