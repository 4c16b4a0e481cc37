package io.github.lightning4j.benchmark;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.GradientCollector;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.lightning4j.Callback;
import io.github.lightning4j.Run;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.logger.CsvLogger;
import io.github.lightning4j.trainer.Accelerator;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Time per training step, side by side in one process and in turns: Lightning4j with CSV logger, progress and one logged
 * loss; DJL's EasyTrain with Accuracy and EvaluatorTrainingListener; the shortest loop by hand over DJL. MLP 784-50-10,
 * Adam, batches of 64, one thread. Prints medians in microseconds and their ratio to EasyTrain.
 *
 * <p>By hand: {@code StepBenchmark [rounds] [epochs a round]}.
 */
public final class StepBenchmark {
    private static final int SAMPLES = 8000;
    private static final int STEPS = SAMPLES / Mlp.BATCH;
    private static final String BASE = "DJL EasyTrain + evaluators";

    private final NDManager manager = NDManager.newBaseManager(Device.cpu());
    private final NDArray images = Mlp.images(manager, SAMPLES);
    private final NDArray labels = Mlp.labels(manager, SAMPLES);
    private final Map<String, StepTimes> times = new LinkedHashMap<>();
    private final int rounds;
    private final int epochs;
    private final Path folder;

    private StepBenchmark(int rounds, int epochs) throws IOException {
        this.rounds = rounds;
        this.epochs = epochs;
        this.folder = Files.createTempDirectory("step-benchmark");
    }

    public static void main(String[] arguments) throws Exception {
        System.setProperty("ai.djl.pytorch.num_threads", "1");
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 12;
        int epochs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8;
        StepBenchmark benchmark = new StepBenchmark(rounds, epochs);
        benchmark.run();
        benchmark.report();
    }

    private void run() throws Exception {
        List<Contender> contenders = List.of(
                () -> lightning("Lightning4j, everything on", everything()),
                () -> lightning("Lightning4j, a row every step", everything().logEveryNSteps(1)),
                () -> lightning("Lightning4j, loss logged only", plain()),
                () -> easyTrain(BASE, true),
                () -> easyTrain("DJL EasyTrain, no evaluators", false),
                () -> byHand("DJL loop by hand"));
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < contenders.size(); i++) {
                // Each is first in turn.
                contenders.get((round + i) % contenders.size()).run();
            }
        }
    }

    /** A loop to be measured. */
    private interface Contender {
        void run() throws Exception;
    }

    private Trainer.Builder everything() {
        return plain().loggers(new CsvLogger()).enableProgressBar(true);
    }

    private Trainer.Builder plain() {
        return Trainer.builder()
                .accelerator(Accelerator.CPU)
                .threads(1)
                .seed(1)
                .maxEpochs(epochs)
                .defaultRootDir(folder)
                .enableModelSummary(false)
                .enableCheckpointing(false)
                .enableProgressBar(false)
                .loggers();
    }

    private StepTimes timesOf(String name) {
        return times.computeIfAbsent(name, key -> new StepTimes(rounds * epochs * STEPS));
    }

    private void lightning(String name, Trainer.Builder trainer) {
        StepTimes steps = timesOf(name);
        Callback clock = new Callback() {
            @Override
            public void onTrainBatchStart(Run run, Batch batch, int batchIndex) {
                steps.mark();
            }
        };
        try (Mlp module = new Mlp()) {
            DataLoader loader = DataLoader.of(TensorDataset.of(images, labels), Mlp.BATCH, true);
            trainer.callbacks(clock).build().fit(module, loader);
        }
        steps.pause();
    }

    private void easyTrain(String name, boolean evaluators) throws Exception {
        StepTimes steps = timesOf(name);
        DefaultTrainingConfig config = config();
        if (evaluators) {
            config.addEvaluator(new Accuracy()).addTrainingListeners(new EvaluatorTrainingListener());
        }
        ArrayDataset dataset = dataset();
        try (Model model = model();
                ai.djl.training.Trainer trainer = model.newTrainer(config)) {
            trainer.initialize(new Shape(Mlp.BATCH, Mlp.PIXELS));
            for (int epoch = 0; epoch < epochs; epoch++) {
                for (Batch batch : trainer.iterateDataset(dataset)) {
                    steps.mark();
                    EasyTrain.trainBatch(trainer, batch);
                    trainer.step();
                    batch.close();
                }
                trainer.notifyListeners(listener -> listener.onEpoch(trainer));
            }
        }
        steps.pause();
    }

    private void byHand(String name) throws Exception {
        StepTimes steps = timesOf(name);
        Loss loss = Loss.softmaxCrossEntropyLoss();
        ArrayDataset dataset = dataset();
        try (Model model = model();
                ai.djl.training.Trainer trainer = model.newTrainer(config())) {
            trainer.initialize(new Shape(Mlp.BATCH, Mlp.PIXELS));
            for (int epoch = 0; epoch < epochs; epoch++) {
                for (Batch batch : dataset.getData(manager)) {
                    steps.mark();
                    try (batch;
                            GradientCollector collector = trainer.newGradientCollector()) {
                        NDList output = trainer.forward(batch.getData());
                        NDArray value = loss.evaluate(batch.getLabels(), output);
                        collector.backward(value);
                    }
                    trainer.step();
                }
            }
        }
        steps.pause();
    }

    private static DefaultTrainingConfig config() {
        return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optDevices(new Device[] {Device.cpu()})
                .optOptimizer(Optimizer.adam()
                        .optLearningRateTracker(Tracker.fixed(Mlp.RATE))
                        .build());
    }

    private static Model model() {
        Model model = Model.newInstance("mlp", Device.cpu(), "PyTorch");
        Block net = Mlp.net();
        model.setBlock(net);
        return model;
    }

    private ArrayDataset dataset() {
        return new ArrayDataset.Builder()
                .setData(images)
                .optLabels(labels)
                .setSampling(Mlp.BATCH, true)
                .build();
    }

    /** The first third of each loop's steps warms up. */
    private void report() {
        StepTimes base = times.get(BASE);
        double cpuOfBase = base.medianCpuMicros(base.count() / 3, base.count());
        double wallOfBase = base.medianWallMicros(base.count() / 3, base.count());
        System.out.printf("%n%-34s %8s %6s %8s %6s%n", "median per step", "CPU us", "ratio", "wall us", "ratio");
        times.forEach((name, steps) -> {
            double cpu = steps.medianCpuMicros(steps.count() / 3, steps.count());
            double wall = steps.medianWallMicros(steps.count() / 3, steps.count());
            System.out.printf("%-34s %8.1f %6.2f %8.1f %6.2f%n", name, cpu, cpu / cpuOfBase, wall, wall / wallOfBase);
        });
    }
}
