package io.github.lightning4j.benchmark;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import ai.djl.training.loss.Loss;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Limit;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.JavaGarbage;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.internal.torch.Tensors;
import io.github.lightning4j.internal.torch.TorchRuntime;
import io.github.lightning4j.optim.SGD;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Trains an MLP with DJL's own mean squared error, which multiplies by Java numbers, on one batch at rate 0, while Java
 * makes garbage: every gradient must be the first one, bit for bit.
 *
 * <p>By hand: {@code GradientStress [steps]}, with a small heap such as {@code -Xmx64m}.
 */
public final class GradientStress {
    private static final int BATCH = 64;
    private static final int PIXELS = 784;
    private static final int CLASSES = 10;
    private static final int GARBAGE_PER_STEP = 200_000;

    private GradientStress() {}

    /**
     * Trains.
     *
     * @param steps the number of steps
     * @param collectEvery steps between two forced collections, or 0 to leave them to Java
     * @return the number of steps whose gradient was not the first one
     */
    public static long wrongGradients(int steps, int collectEvery) {
        TorchRuntime.load();
        try (NDManager manager = NDManager.newBaseManager();
                Mlp module = new Mlp(collectEvery)) {
            NDArray images = manager.randomUniform(0, 1, new Shape(BATCH, PIXELS));
            NDArray targets = manager.randomUniform(0, 1, new Shape(BATCH, CLASSES));
            DataLoader loader = DataLoader.of(TensorDataset.of(images, targets), BATCH);
            Trainers.quiet()
                    .maxEpochs(steps)
                    .limitTrainBatches(Limit.batches(1))
                    .build()
                    .fit(module, loader);
            return module.wrong;
        }
    }

    public static void main(String[] arguments) {
        int steps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000;
        long started = System.nanoTime();
        long wrong = wrongGradients(steps, 0);
        System.out.printf(
                "Java %s: %d wrong gradients in %d steps, %.1f s%n",
                System.getProperty("java.version"), wrong, steps, (System.nanoTime() - started) / 1e9);
        System.exit(wrong == 0 ? 0 : 1);
    }

    private static final class Mlp extends LightningModule {
        private final Block net = addChildBlock(
                "net",
                new SequentialBlock()
                        .add(Linear.builder().setUnits(50).build())
                        .add(Activation::relu)
                        .add(Linear.builder().setUnits(CLASSES).build()));
        private final Loss loss = Loss.l2Loss();
        private final int collectEvery;
        private final long[] first = new long[4];
        private long step;
        long wrong;

        Mlp(int collectEvery) {
            this.collectEvery = collectEvery;
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            return loss.evaluate(batch.getLabels(), call(net, batch.getData()));
        }

        @Override
        public void onBeforeBackward(NDArray ofStep) {
            JavaGarbage.some(GARBAGE_PER_STEP);
            if (collectEvery > 0 && step % collectEvery == collectEvery - 1) {
                JavaGarbage.collectAndOverwrite();
            }
        }

        @Override
        public void onAfterBackward() {
            long[] checksums = new long[4];
            int i = 0;
            for (Parameter parameter : parameters().values()) {
                checksums[i++] = checksum(parameter.getArray().getGradient());
            }
            if (step == 0) {
                System.arraycopy(checksums, 0, first, 0, first.length);
            } else if (!Arrays.equals(checksums, first)) {
                wrong++;
            }
            step++;
        }

        private static long checksum(NDArray gradient) {
            ByteBuffer bytes = Tensors.liveView(gradient);
            CRC32C checksum = new CRC32C();
            checksum.update(bytes);
            return checksum.getValue();
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0).build();
        }

        @Override
        public NDList forward(NDList inputs) {
            return call(net, inputs);
        }
    }
}
