package io.github.lightning4j.testing;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.internal.torch.TorchRuntime;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.optim.Adam;
import java.util.List;
import java.util.SplittableRandom;

/** A small classification with everything that could make two runs differ, for kits that need a run. */
final class Sample implements AutoCloseable {
    private static final int FEATURES = 4;

    private final NDManager manager;

    Sample() {
        TorchRuntime.load();
        manager = NDManager.newBaseManager(Device.cpu());
    }

    /** Dropout, batch norm, Adam's moments and a metric. */
    static class Net extends LightningModule {
        private final Block net = addChildBlock(
                "net",
                new SequentialBlock()
                        .add(Linear.builder().setUnits(6).build())
                        .add(BatchNorm.builder().build())
                        .add(Activation::relu)
                        .add(Dropout.builder().optRate(0.3f).build())
                        .add(Linear.builder().setUnits(2).build()));
        private final Accuracy accuracy = metric("val_acc", new Accuracy(2));

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray loss = loss(batch);
            log("train_loss", loss);
            return loss;
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            accuracy.update(call(net, batch.getData()).head(), batch.getLabels().head());
            log("val_acc", accuracy);
            log("val_loss", loss(batch));
        }

        @Override
        public void testStep(Batch batch, int batchIndex) {
            log("test_loss", loss(batch));
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return Adam.builder(parameters()).lr(0.01).build();
        }

        private NDArray loss(Batch batch) {
            return Losses.crossEntropy(
                    call(net, batch.getData()).head(), batch.getLabels().head());
        }
    }

    /** Five batches an epoch, the last one short, and two of validation. */
    Training training() {
        return new Training(
                Net::new, DataLoader.of(dataset(18), 4, true), List.of(DataLoader.of(dataset(7), 4)), options -> {});
    }

    private TensorDataset dataset(int rows) {
        SplittableRandom random = new SplittableRandom(rows);
        float[] features = new float[rows * FEATURES];
        long[] labels = new long[rows];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) random.nextDouble(-1, 1);
            labels[i / FEATURES] = features[i] > 0 ? 1 : 0;
        }
        return TensorDataset.of(manager, features, new Shape(rows, FEATURES), labels);
    }

    @Override
    public void close() {
        manager.close();
    }
}
