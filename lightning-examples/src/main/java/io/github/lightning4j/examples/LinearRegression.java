package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.initializer.NormalInitializer;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Run;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.Splits;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.plot.LinePlot;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Finds the slope and the intercept of a line from 40 of its points: the smallest thing that can be trained. */
@Command(name = "linear-regression", header = "Finds the slope and the intercept of a line; draws how the loss falls.")
public final class LinearRegression implements Callable<Integer> {
    private static final float WEIGHT = 0.7f;
    private static final float BIAS = 0.3f;
    private static final int POINTS = 50;
    private static final int TRAIN_POINTS = 40;

    @Mixin
    private final TrainingOptions training = new TrainingOptions(100, 0.01, 42L);

    /** Creates the example with its default options. */
    public LinearRegression() {}

    /**
     * Runs the example.
     *
     * @param args its options; {@code --help} lists them
     */
    public static void main(String... args) {
        Main.start(new LinearRegression(), args);
    }

    /** y = weight x + bias, with both drawn from the standard normal distribution. */
    private static final class Line extends LightningModule {
        private static final LogOptions PER_EPOCH =
                LogOptions.defaults().onStep(false).onEpoch(true);

        private final double lr;
        private final Block linear =
                addChildBlock("linear", Linear.builder().setUnits(1).build());

        Line(double lr) {
            this.lr = lr;
            linear.setInitializer(new NormalInitializer(1f), parameter -> true);
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray loss = error(batch);
            log("train_mae", loss, PER_EPOCH);
            return loss;
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            log("test_mae", error(batch));
        }

        private NDArray error(Batch batch) {
            NDArray predicted = call(linear, batch.getData()).head();
            return Losses.l1(predicted, batch.getLabels().head());
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(lr).build();
        }

        float value(String parameter) {
            return linear.getDirectParameters().get(parameter).getArray().getFloat();
        }
    }

    /** Prints the losses every ten epochs. */
    private static final class EveryTenEpochs implements Callback {
        @Override
        public void onTrainEpochEnd(Run run) {
            if (run.epoch() % 10 == 0) {
                Map<String, Double> metrics = run.metrics();
                System.out.printf(
                        "epoch %2d   train MAE %.8f   test MAE %.8f%n",
                        run.epoch(), metrics.get("train_mae"), metrics.get("test_mae"));
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        Trainer trainer = training.trainer("linear-regression")
                .callbacks(new EveryTenEpochs())
                .enableProgressBar(false)
                .build();
        try (NDManager manager = NDManager.newBaseManager();
                Line line = new Line(training.lr())) {
            List<RandomAccessDataset> parts = Splits.consecutive(points(manager), TRAIN_POINTS, POINTS - TRAIN_POINTS);
            DataLoader train = DataLoader.of(parts.get(0), TRAIN_POINTS);
            DataLoader test = DataLoader.of(parts.get(1), POINTS - TRAIN_POINTS);
            FitResult fit = trainer.fit(line, train, test);
            if (training.wasInterrupted()) {
                return TrainingOptions.INTERRUPTED;
            }
            System.out.printf("%nlearned   weight %.4f   bias %.4f%n", line.value("weight"), line.value("bias"));
            System.out.printf("true      weight %.4f   bias %.4f%n", WEIGHT, BIAS);
            Path directory = Objects.requireNonNull(fit.runDirectory()).toAbsolutePath();
            LinePlot curves = LinePlot.builder("Linear regression: how the loss falls")
                    .line("train", byEpoch("train_mae", fit))
                    .line("test", byEpoch("test_mae", fit))
                    .xName("epoch")
                    .yName("mean absolute error")
                    .build();
            curves.write(directory.resolve("loss.svg"));
            curves.write(directory.resolve("loss.png"));
            System.out.printf("%nloss curve   %s and .png%n", directory.resolve("loss.svg"));
        }
        return 0;
    }

    private static double[] byEpoch(String metric, FitResult fit) {
        return fit.history().stream().mapToDouble(epoch -> epoch.get(metric)).toArray();
    }

    private static TensorDataset points(NDManager manager) {
        float[] x = new float[POINTS];
        float[] y = new float[POINTS];
        for (int i = 0; i < POINTS; i++) {
            x[i] = 0.02f * i;
            y[i] = WEIGHT * x[i] + BIAS;
        }
        Shape column = new Shape(POINTS, 1);
        return TensorDataset.of(manager, x, column, y, column);
    }
}
