package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.init.TorchInitializer;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.optim.scheduler.StepLR;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.Trainer;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The network of fast.ai's lesson "Deep learning from the foundations": 784 pixels, 50 hidden units, 10 classes, plain
 * stochastic gradient descent at a rate of 0.5, which falls by a fifth with every epoch.
 */
@Command(name = "mnist-mlp", header = "A network of one hidden layer learns handwritten digits in seconds.")
public final class MnistMlp implements Callable<Integer> {
    @Mixin
    private final TrainingOptions training = new TrainingOptions(5, 0.5, null);

    @Mixin
    private final DigitOptions digits = new DigitOptions();

    /** Creates the example with its default options. */
    public MnistMlp() {}

    /**
     * Runs the example.
     *
     * @param args its options; {@code --help} lists them
     */
    public static void main(String... args) {
        Main.start(new MnistMlp(), args);
    }

    private static final class Mlp extends LightningModule {
        private static final LogOptions ON_BAR = LogOptions.progressBar();

        private final double lr;
        private final Block net = addChildBlock(
                "net",
                TorchInitializer.applyTo(new SequentialBlock()
                        .add(Blocks.batchFlattenBlock())
                        .add(Linear.builder().setUnits(50).build())
                        .add(Activation::relu)
                        .add(Linear.builder().setUnits(10).build())));
        private final Accuracy accuracy = metric("val_acc", new Accuracy(10));

        Mlp(double lr) {
            this.lr = lr;
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
            accuracy.update(logits, labels);
            log("val_acc", accuracy, ON_BAR);
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            SGD sgd = SGD.builder(parameters()).lr(lr).build();
            // At a constant rate of 0.5 the accuracy after the last epoch is a matter of luck, here as in PyTorch.
            return sgd.withScheduler(new StepLR(sgd, 1, 0.8));
        }
    }

    @Override
    public Integer call() {
        Trainer trainer = training.trainer("mnist-mlp").build();
        try (MnistData data = digits.data();
                Mlp module = new Mlp(training.lr())) {
            FitResult fit = trainer.fit(module, data);
            if (training.wasInterrupted()) {
                return TrainingOptions.INTERRUPTED;
            }
            System.out.printf(
                    "%nvalidation accuracy  %.4f after %d epochs%n",
                    fit.metrics().get("val_acc"), fit.epochs());
            System.out.printf(
                    "everything           %s%n",
                    Objects.requireNonNull(fit.runDirectory()).toAbsolutePath());
        }
        return 0;
    }
}
