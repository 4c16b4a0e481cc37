package io.github.lightning4j.trainer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.dataset.Batch;
import com.google.gson.GsonBuilder;
import io.github.lightning4j.Callback;
import io.github.lightning4j.Every;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Run;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.optim.Adam;
import io.github.lightning4j.optim.scheduler.OneCycleLR;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The trainings whose checkpoints lie among the test resources, and the program that wrote them. */
final class EarlierCheckpoints {
    private static final int EPOCHS = 3;
    private static final int BATCHES = 7;
    private static final int FEATURES = 4;
    private static final int CLASSES = 3;

    private EarlierCheckpoints() {}

    /** Where the run was stopped, in its second epoch. */
    enum Place {
        INSIDE_EPOCH("inside-epoch", 1, 2, Net::new),
        INSIDE_WINDOW("inside-window", 3, 4, Net::new),
        FINE_TUNED("fine-tuned", 3, 4, FineTuned::new);

        private final String file;
        private final int window;
        private final int batch;
        private final Supplier<LightningModule> module;

        Place(String file, int window, int batch, Supplier<LightningModule> module) {
            this.file = file;
            this.window = window;
            this.batch = batch;
            this.module = module;
        }

        LightningModule module() {
            return module.get();
        }

        String checkpoint() {
            return file + ".safetensors";
        }

        String end() {
            return file + ".json";
        }

        Trainer.Builder trainer(Path directory) {
            return Trainer.builder()
                    .maxEpochs(EPOCHS)
                    .accumulateGradBatches(window)
                    .seed(7)
                    .threads(1)
                    .accelerator(Accelerator.CPU)
                    .logEveryNSteps(1)
                    .enableProgressBar(false)
                    .enableModelSummary(false)
                    .runDirectory(directory);
        }
    }

    /** Everything that a checkpoint has to carry: batch norm, dropout, Adam's moments, a schedule, metrics. */
    static final class Net extends LightningModule {
        private static final LogOptions EACH_EPOCH =
                LogOptions.defaults().onStep(false).onEpoch(true);
        private final Block net = addChildBlock(
                "net",
                new SequentialBlock()
                        .add(Linear.builder().setUnits(8).build())
                        .add(BatchNorm.builder().build())
                        .add(Activation::relu)
                        .add(Dropout.builder().optRate(0.3f).build())
                        .add(Linear.builder().setUnits(CLASSES).build()));
        private final Accuracy trainAccuracy = metric("train_acc", new Accuracy(CLASSES));
        private final Accuracy valAccuracy = metric("val_acc", new Accuracy(CLASSES));

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray logits = call(net, batch.getData()).head();
            NDArray labels = batch.getLabels().head();
            trainAccuracy.update(logits, labels);
            log("train_acc", trainAccuracy, EACH_EPOCH);
            NDArray loss = Losses.crossEntropy(logits, labels);
            log("train_loss", loss);
            return loss;
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            NDArray logits = call(net, batch.getData()).head();
            valAccuracy.update(logits, batch.getLabels().head());
            log("val_acc", valAccuracy);
            log("val_loss", Losses.crossEntropy(logits, batch.getLabels().head()));
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            Optimizer adam = Adam.builder(parameters()).lr(0.01).build();
            return adam.withScheduler(new OneCycleLR(adam, 0.02, EPOCHS * BATCHES), Every.steps(1));
        }
    }

    /**
     * A backbone that is thawed in the second epoch and then trained in a group of its own, but for its first layer; names
     * of parameters in the groups are equal.
     */
    static final class FineTuned extends LightningModule {
        private final SequentialBlock backbone = addChildBlock(
                "backbone",
                new SequentialBlock()
                        .add(Linear.builder().setUnits(6).build())
                        .add(BatchNorm.builder().build())
                        .add(Activation::relu)
                        .add(Linear.builder().setUnits(6).build())
                        .add(BatchNorm.builder().build()),
                new Shape(1, FEATURES));
        private final SequentialBlock head = addChildBlock(
                "head",
                new SequentialBlock()
                        .add(Linear.builder().setUnits(6).build())
                        .add(BatchNorm.builder().build())
                        .add(Linear.builder().setUnits(CLASSES).build()),
                new Shape(1, 6));

        FineTuned() {
            freeze(backbone);
        }

        @Override
        public void onTrainEpochStart() {
            if (run().epoch() == 1) {
                unfreeze(backbone);
                freeze(backbone.getChildren().valueAt(0));
                optimizers().get(0).addParamGroup("back/bone", backbone.getParameters(), Map.of("lr", 0.02));
            }
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray logits = call(head, call(backbone, batch.getData())).head();
            NDArray loss = Losses.crossEntropy(logits, batch.getLabels().head());
            log("train_loss", loss);
            return loss;
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            NDArray logits = call(head, call(backbone, batch.getData())).head();
            log("val_loss", Losses.crossEntropy(logits, batch.getLabels().head()));
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return Adam.builder(head.getParameters()).lr(0.01).build();
        }
    }

    /** Where a run ended: the values of every weight and buffer, its counters and its newest metrics. */
    record End(long globalStep, long epochs, Map<String, Double> metrics, Map<String, double[]> weights) {
        static End of(FitResult result, LightningModule module) {
            Map<String, Double> metrics = new TreeMap<>(result.metrics());
            metrics.keySet().removeAll(List.of("epoch_time", "samples_per_second", "data_time"));
            Map<String, double[]> weights = new TreeMap<>();
            module.getParameters().forEach(pair -> weights.put(pair.getKey(), numbers(pair.getValue())));
            return new End(result.globalStep(), result.epochs(), metrics, weights);
        }

        private static double[] numbers(Parameter parameter) {
            try (NDArray wide = parameter.getArray().toType(DataType.FLOAT64, true)) {
                return wide.toDoubleArray();
            }
        }
    }

    static DataLoader train(NDManager manager) {
        return DataLoader.of(dataset(manager, BATCHES * 8 - 3, 1), 8, true);
    }

    static DataLoader val(NDManager manager) {
        return DataLoader.of(dataset(manager, 20, 2), 8);
    }

    private static TensorDataset dataset(NDManager manager, int rows, long seed) {
        Random random = new Random(seed);
        float[] features = new float[rows * FEATURES];
        long[] labels = new long[rows];
        for (int row = 0; row < rows; row++) {
            labels[row] = random.nextInt(CLASSES);
            for (int i = 0; i < FEATURES; i++) {
                features[row * FEATURES + i] = (float) random.nextGaussian() + labels[row] * (i - 1);
            }
        }
        return TensorDataset.of(manager, features, new Shape(rows, FEATURES), labels);
    }

    /**
     * Writes the checkpoints and ends of another build: see the README among the resources.
     *
     * @param arguments the folder to write to
     */
    public static void main(String[] arguments) throws IOException {
        Path target = Files.createDirectories(Path.of(arguments[0]));
        Path runs = Files.createTempDirectory("earlier-checkpoints");
        for (Place place : Place.values()) {
            Path stopped = stopped(place, runs.resolve(place + "-stopped"));
            Files.copy(stopped, target.resolve(place.checkpoint()));
            String end = new GsonBuilder()
                    .serializeSpecialFloatingPointValues()
                    .setPrettyPrinting()
                    .create()
                    .toJson(undisturbed(place, runs.resolve(place + "-undisturbed")));
            Files.writeString(target.resolve(place.end()), end + "\n");
        }
    }

    private static Path stopped(Place place, Path directory) {
        Callback stopper = new Callback() {
            @Override
            public String stateKey() {
                return "stopper";
            }

            @Override
            public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
                if (run.epoch() == 1 && batchIndex == place.batch) {
                    run.interrupt("here");
                }
            }
        };
        try (NDManager manager = NDManager.newBaseManager();
                LightningModule module = place.module()) {
            return place.trainer(directory)
                    .callbacks(stopper)
                    .build()
                    .fit(module, train(manager), val(manager))
                    .resumeFrom();
        }
    }

    private static End undisturbed(Place place, Path directory) {
        try (NDManager manager = NDManager.newBaseManager();
                LightningModule module = place.module()) {
            return End.of(place.trainer(directory).build().fit(module, train(manager), val(manager)), module);
        }
    }
}
