package io.github.lightning4j.trainer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Run;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.Adam;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a background save every 100 steps costs a LeNet of 62,000 parameters on batches of 64: interleaved pairs of runs
 * with and without, on one thread, as wall time and as CPU time of the training thread. By hand:
 *
 * <pre>java -cp ... io.github.lightning4j.trainer.BackgroundSaveBenchmark DIRECTORY PAIRS</pre>
 */
final class BackgroundSaveBenchmark {
    private static final int WARM_UP = 50;
    private static final int STEPS = 400;
    private static final PrintStream OUT = System.out;

    private BackgroundSaveBenchmark() {}

    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory(Path.of(args[0]), "benchmark");
        int pairs = Integer.parseInt(args[1]);
        double[] wall = new double[pairs];
        double[] cpu = new double[pairs];
        measure(folder.resolve("warm-up"), true);
        for (int i = 0; i < pairs; i++) {
            Clock without = measure(folder.resolve("without-" + i), false);
            Clock with = measure(folder.resolve("with-" + i), true);
            wall[i] = (double) with.wall / without.wall;
            cpu[i] = (double) with.cpu / without.cpu;
            OUT.printf(
                    "without %.2f ms a step (%.2f CPU), with %.2f (%.2f): %.3f (%.3f)%n",
                    without.wall / 1e6 / STEPS,
                    without.cpu / 1e6 / STEPS,
                    with.wall / 1e6 / STEPS,
                    with.cpu / 1e6 / STEPS,
                    wall[i],
                    cpu[i]);
        }
        Arrays.sort(wall);
        Arrays.sort(cpu);
        OUT.printf("median %.3f in wall time, %.3f in CPU time of the thread%n", wall[pairs / 2], cpu[pairs / 2]);
    }

    private static Clock measure(Path directory, boolean saving) {
        Clock clock = new Clock();
        Trainer.Builder builder = Trainer.builder()
                .maxSteps(WARM_UP + STEPS)
                .seed(1)
                .threads(1)
                .enableProgressBar(false)
                .enableModelSummary(false)
                .enableCheckpointing(false)
                .runDirectory(directory)
                .backgroundCheckpoints(true)
                .callbacks(clock);
        if (saving) {
            builder.callbacks(ModelCheckpoint.builder().everyNTrainSteps(100).build());
        }
        try (NDManager manager = NDManager.newBaseManager();
                LeNet module = new LeNet()) {
            NDArray images = manager.randomUniform(0, 1, new Shape(2048, 1, 28, 28));
            NDArray labels = manager.arange(2048).mod(10).toType(DataType.INT64, false);
            builder.build().fit(module, DataLoader.of(TensorDataset.of(images, labels), 64));
        }
        return clock;
    }

    /** The time between the end of the warm-up and the last step. */
    private static final class Clock implements Callback {
        private long wall;
        private long cpu;

        @Override
        public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
            if (run.globalStep() == WARM_UP || run.globalStep() == WARM_UP + STEPS) {
                wall = System.nanoTime() - wall;
                cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
            }
        }
    }

    private static final class LeNet extends LightningModule {
        private final Block net = addChildBlock(
                "net",
                new SequentialBlock()
                        .add(convolution(6, 2))
                        .add(Activation::relu)
                        .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                        .add(convolution(16, 0))
                        .add(Activation::relu)
                        .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                        .add(Blocks.batchFlattenBlock())
                        .add(Linear.builder().setUnits(120).build())
                        .add(Activation::relu)
                        .add(Linear.builder().setUnits(84).build())
                        .add(Activation::relu)
                        .add(Linear.builder().setUnits(10).build()));

        private static Block convolution(int filters, int padding) {
            return Conv2d.builder()
                    .setKernelShape(new Shape(5, 5))
                    .setFilters(filters)
                    .optPadding(new Shape(padding, padding))
                    .build();
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray loss = Losses.crossEntropy(
                    call(net, batch.getData()).head(), batch.getLabels().head());
            log("train_loss", loss);
            return loss;
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return Adam.builder(parameters()).build();
        }
    }
}
