package io.github.lightning4j.benchmark;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.trainer.Accelerator;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The memory of a process that trains again and again: fits of new modules in one JVM, each closed after its fit. Prints
 * the resident memory after each fit, and the median time of a step. The JVM's own memory is part of it.
 *
 * <p>By hand, once as it is and once with {@code -Dlightning4j.memoryReserve=false}, on one machine:
 * {@code ServiceMemory [small|wide|cnn] [fits]}.
 */
public final class ServiceMemory {
    private static final Path STATUS = Path.of("/proc/self/statm");
    private static final int SAMPLES = 4096;
    private static final int STEPS = SAMPLES / Mlp.BATCH;

    private ServiceMemory() {}

    public static void main(String[] arguments) throws IOException {
        System.setProperty("ai.djl.pytorch.num_threads", "1");
        String net = arguments.length > 0 ? arguments[0] : "wide";
        int fits = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 50;
        Trainer.builder().build();
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            run(net, fits, TensorDataset.of(Mlp.images(manager, SAMPLES), Mlp.labels(manager, SAMPLES)));
        }
    }

    private static void run(String net, int fits, TensorDataset data) throws IOException {
        System.out.printf("%s: before the first fit %d MB%n", net, residentMegabytes());
        StepTimes steps = new StepTimes(fits * STEPS);
        for (int fit = 1; fit <= fits; fit++) {
            try (Classifier module = new Classifier(block(net))) {
                trainer(steps).fit(module, DataLoader.of(data, Mlp.BATCH, true));
                steps.pause();
            }
            System.out.printf("%d:%d ", fit, residentMegabytes());
        }
        System.out.printf(
                "MB%n%s: median step %.1f us CPU, %.1f us wall%n",
                net,
                steps.medianCpuMicros(steps.count() / 3, steps.count()),
                steps.medianWallMicros(steps.count() / 3, steps.count()));
    }

    private static Block block(String net) {
        return switch (net) {
            case "cnn" -> convolutional();
            case "wide" -> layers(2048, 256);
            default -> Mlp.net();
        };
    }

    /** Some 8.5 MB of parameters. */
    private static Block layers(int first, int second) {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(first).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(second).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(Mlp.CLASSES).build());
    }

    private static Block convolutional() {
        return new SequentialBlock()
                .addSingleton(images -> images.reshape(-1, 1, 28, 28))
                .add(Conv2d.builder()
                        .setKernelShape(new Shape(5, 5))
                        .setFilters(6)
                        .optPadding(new Shape(2, 2))
                        .build())
                .add(Activation::relu)
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(Conv2d.builder()
                        .setKernelShape(new Shape(5, 5))
                        .setFilters(16)
                        .build())
                .add(Activation::relu)
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(120).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(Mlp.CLASSES).build());
    }

    private static Trainer trainer(StepTimes steps) {
        Callback clock = new Callback() {
            @Override
            public void onTrainBatchStart(Run run, Batch batch, int batchIndex) {
                steps.mark();
            }
        };
        return Trainer.builder()
                .accelerator(Accelerator.CPU)
                .threads(1)
                .seed(1)
                .maxEpochs(1)
                .enableModelSummary(false)
                .enableCheckpointing(false)
                .enableProgressBar(false)
                .loggers()
                .callbacks(clock)
                .build();
    }

    private static long residentMegabytes() throws IOException {
        return Long.parseLong(Files.readString(STATUS).split(" ")[1]) * 4096 >> 20;
    }

    /** Any net that classifies. */
    private static final class Classifier extends LightningModule {
        private final Block net;

        Classifier(Block net) {
            this.net = addChildBlock("net", net);
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            return Losses.crossEntropy(
                    call(net, batch.getData()).head(), batch.getLabels().head());
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return Adam.builder(parameters()).lr(Mlp.RATE).build();
        }
    }
}
