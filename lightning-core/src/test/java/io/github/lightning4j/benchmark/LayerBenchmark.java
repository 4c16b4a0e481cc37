package io.github.lightning4j.benchmark;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Run;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.ModuleParameterStore;
import io.github.lightning4j.internal.torch.TorchRuntime;
import io.github.lightning4j.logger.CsvLogger;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.nn.LSTM;
import io.github.lightning4j.nn.RecurrentOptions;
import io.github.lightning4j.nn.TransformerEncoder;
import io.github.lightning4j.nn.TransformerOptions;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.trainer.Accelerator;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Time per training step of an LSTM (two layers of 128, 32 steps, batches of 32) and of a transformer encoder (four layers
 * of 128, 4 heads, 64 steps, batches of 32): the Trainer with CSV logger, progress bar and a logged loss, and the shortest
 * loop over the same kernels, in turns, in one process, on one thread. Prints lower quartiles in microseconds. The raw
 * PyTorch loop is {@code layer_benchmark.py}.
 *
 * <p>By hand: {@code LayerBenchmark [rounds] [steps a round]}.
 */
public final class LayerBenchmark {
    private static final int BATCH = 32;
    private static final double RATE = 1e-3;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu());
    private final int rounds;
    private final int steps;
    private final Path folder;

    private LayerBenchmark(int rounds, int steps) throws IOException {
        this.rounds = rounds;
        this.steps = steps;
        this.folder = Files.createTempDirectory("layer-benchmark");
    }

    public static void main(String[] arguments) throws Exception {
        System.setProperty("ai.djl.pytorch.num_threads", "1");
        TorchRuntime.load();
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8;
        int steps = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 60;
        LayerBenchmark benchmark = new LayerBenchmark(rounds, steps);
        benchmark.compare("LSTM", 32, 16);
        benchmark.compare("TransformerEncoder", 64, 128);
    }

    private static Block layer(String name) {
        return name.equals("LSTM")
                ? new LSTM(16, 128, RecurrentOptions.builder().layers(2).build())
                : new TransformerEncoder(
                        4, 128, 4, TransformerOptions.builder().feedforward(512).build());
    }

    private void compare(String name, int length, int features) {
        NDArray x = manager.randomNormal(0, 1, new Shape((long) steps * BATCH, length, features), DataType.FLOAT32);
        NDArray y = manager.randomNormal(0, 1, new Shape((long) steps * BATCH, length, 128), DataType.FLOAT32);
        StepTimes trained = new StepTimes(rounds * steps);
        StepTimes bare = new StepTimes(rounds * steps);
        for (int round = 0; round < rounds; round++) {
            if (round % 2 == 0) {
                train(name, x, y, trained);
                loop(name, x, y, bare);
            } else {
                loop(name, x, y, bare);
                train(name, x, y, trained);
            }
        }
        report(name, trained, bare);
    }

    private static void report(String name, StepTimes trained, StepTimes bare) {
        double ours = lowerQuartile(trained);
        double least = lowerQuartile(bare);
        System.out.printf("%-20s Trainer %9.1f us, bare loop %9.1f us, ratio %.3f%n", name, ours, least, ours / least);
    }

    private static double lowerQuartile(StepTimes times) {
        return times.wallMicros(0.25, times.count() / 3, times.count());
    }

    private void train(String name, NDArray x, NDArray y, StepTimes times) {
        Callback clock = new Callback() {
            @Override
            public void onTrainBatchStart(Run run, Batch batch, int batchIndex) {
                times.mark();
            }
        };
        try (Sequences module = new Sequences(layer(name))) {
            Trainer.builder()
                    .accelerator(Accelerator.CPU)
                    .threads(1)
                    .seed(1)
                    .maxEpochs(1)
                    .defaultRootDir(folder)
                    .enableModelSummary(false)
                    .enableCheckpointing(false)
                    .enableProgressBar(true)
                    .loggers(new CsvLogger())
                    .callbacks(clock)
                    .build()
                    .fit(module, DataLoader.of(TensorDataset.of(x, y), BATCH, true));
        }
        times.pause();
    }

    private void loop(String name, NDArray x, NDArray y, StepTimes times) {
        try (NDManager own = NDManager.newBaseManager(Device.cpu())) {
            Block layer = layer(name);
            layer.initialize(
                    own,
                    DataType.FLOAT32,
                    new Shape(BATCH, x.getShape().get(1), x.getShape().get(2)));
            layer.getParameters().values().forEach(each -> each.getArray().setRequiresGradient(true));
            ParameterStore store = new ModuleParameterStore(own);
            Optimizer adam = Adam.builder(layer.getParameters()).lr(RATE).build();
            for (int step = 0; step < steps; step++) {
                times.mark();
                step(layer, store, adam, x, y, step);
            }
            adam.close();
        }
        times.pause();
    }

    private static void step(Block layer, ParameterStore store, Optimizer adam, NDArray x, NDArray y, int step) {
        String rows = step * BATCH + ":" + (step + 1) * BATCH;
        try (MemoryScope scope = MemoryScope.open();
                GradMode recording = GradMode.recording()) {
            NDArray out = layer.forward(store, new NDList(x.get(rows)), true).head();
            NDArray loss = Losses.mse(out, y.get(rows));
            adam.zeroGrad();
            GradMode.backward(loss);
            adam.step();
        }
    }

    private static final class Sequences extends LightningModule {
        private static final LogOptions ON_BAR = LogOptions.progressBar();
        private final Block net;

        Sequences(Block layer) {
            net = addChildBlock("net", layer);
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray loss = Losses.mse(
                    call(net, batch.getData()).head(), batch.getLabels().head());
            log("train_loss", loss, ON_BAR);
            return loss;
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return Adam.builder(parameters()).lr(RATE).build();
        }
    }
}
