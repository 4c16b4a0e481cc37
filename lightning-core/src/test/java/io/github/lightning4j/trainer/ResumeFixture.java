package io.github.lightning4j.trainer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Every;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.data.augment.RandomCrop;
import io.github.lightning4j.data.augment.RandomHorizontalFlip;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.optim.scheduler.OneCycleLR;
import java.util.List;
import java.util.Random;

/** A small training in which everything that has to survive an interruption is at work. */
final class ResumeFixture {
    static final int EPOCHS = 3;
    static final int BATCHES = 7;

    private ResumeFixture() {}

    enum Recipe {
        SGD_MOMENTUM,
        ADAM_WITH_ONE_CYCLE
    }

    /** A CNN with dropout, batch norm and metrics. */
    static class Cnn extends LightningModule {
        private static final LogOptions BOTH =
                LogOptions.progressBar().onStep(true).onEpoch(true);
        private final Recipe recipe;
        private final Block net = addChildBlock(
                "net",
                new SequentialBlock()
                        .add(Conv2d.builder()
                                .setKernelShape(new Shape(3, 3))
                                .setFilters(4)
                                .build())
                        .add(BatchNorm.builder().build())
                        .add(Activation::relu)
                        .add(Blocks.batchFlattenBlock())
                        .add(Dropout.builder().optRate(0.3f).build())
                        .add(Linear.builder().setUnits(3).build()));
        private final Accuracy trainAccuracy = metric("train_acc", new Accuracy(3));
        private final List<Accuracy> valAccuracies =
                List.of(metric("val_acc", new Accuracy(3)), metric("val_acc_2", new Accuracy(3)));

        Cnn(Recipe recipe) {
            this.recipe = recipe;
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray logits = call(net, batch.getData()).head();
            NDArray labels = batch.getLabels().head();
            NDArray loss = Losses.crossEntropy(logits, labels);
            log("train_loss", loss, BOTH);
            trainAccuracy.update(logits, labels);
            log("train_acc", trainAccuracy, LogOptions.defaults().onStep(false).onEpoch(true));
            return loss;
        }

        @Override
        public void validationStep(Batch batch, int batchIndex, int loaderIndex) {
            NDArray logits = call(net, batch.getData()).head();
            log("val_loss", Losses.crossEntropy(logits, batch.getLabels().head()));
            Accuracy accuracy = valAccuracies.get(loaderIndex);
            accuracy.update(logits, batch.getLabels().head());
            log("val_acc", accuracy);
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            if (recipe == Recipe.SGD_MOMENTUM) {
                return SGD.builder(parameters()).lr(0.05).momentum(0.9).build();
            }
            Optimizer adam = Adam.builder(parameters()).lr(0.01).build();
            return adam.withScheduler(new OneCycleLR(adam, 0.02, EPOCHS * BATCHES), Every.steps(1));
        }
    }

    static DataLoader train(NDManager manager) {
        return DataLoader.builder(dataset(manager, 55, 1))
                .batchSize(8)
                .shuffle(true)
                .build();
    }

    static DataLoader augmentedTrain(NDManager manager) {
        return DataLoader.builder(dataset(manager, 55, 1))
                .batchSize(8)
                .shuffle(true)
                .augment(new RandomHorizontalFlip(0.5), new RandomCrop(1))
                .workers(1)
                .build();
    }

    static DataLoader val(NDManager manager) {
        return DataLoader.of(dataset(manager, 20, 2), 8);
    }

    static TensorDataset dataset(NDManager manager, int rows, long seed) {
        Random random = new Random(seed);
        float[] pixels = new float[rows * 36];
        long[] labels = new long[rows];
        for (int row = 0; row < rows; row++) {
            labels[row] = random.nextInt(3);
            for (int i = 0; i < 36; i++) {
                pixels[row * 36 + i] = (float) random.nextGaussian() + labels[row] * (i % 3 - 1);
            }
        }
        NDArray data = manager.create(pixels, new Shape(rows, 1, 6, 6));
        return TensorDataset.of(data, manager.create(labels));
    }

    static ModelCheckpoint keepAll(Every interval) {
        var builder = ModelCheckpoint.builder().saveTopK(-1).saveLast(true);
        return interval.unit() == Every.Unit.STEPS
                ? builder.everyNTrainSteps(interval.count()).build()
                : builder.everyNEpochs(interval.count()).build();
    }
}
