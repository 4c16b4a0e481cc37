package io.github.lightning4j.examples;

import ai.djl.ndarray.NDManager;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.DataLoaders;
import io.github.lightning4j.plot.LinePlot;
import io.github.lightning4j.trainer.Trainer;
import io.github.lightning4j.tuner.LearningRateCurve;
import io.github.lightning4j.tuner.LearningRateFinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Finds a learning rate by a trial of a hundred steps, then trains with it, and with far smaller and larger ones. */
@Command(name = "tune", header = "Finds a learning rate in a hundred steps, trains with it and with others.")
public final class Tune implements Callable<Integer> {
    private static final double MIN_LR = 1e-5;
    private static final double MAX_LR = 1;
    private static final int STEPS = 100;
    private static final double FAR = 30;

    @Mixin
    private final TrainingOptions training = new TrainingOptions(3, 0.1, null);

    @Option(names = "--samples", paramLabel = "N", description = "Digits to learn from.")
    private int samples = 8000;

    /** Creates the example with its default options. */
    public Tune() {}

    /**
     * Runs the example.
     *
     * @param args its options; {@code --help} lists them
     */
    public static void main(String... args) {
        Main.start(new Tune(), args);
    }

    @Override
    public Integer call() throws IOException {
        training.refuseToSave();
        try (NDManager manager = NDManager.newBaseManager()) {
            DigitSource.Parts digits = DigitSource.bundled().load(manager);
            DataLoaders loaders = DataLoaders.of(Digits.few(digits.train(), samples), digits.val(), 64);
            LearningRateCurve curve = find(loaders.train());
            Path folder = training.folder("tune");
            draw(curve, folder);
            double lr = curve.suggestion();
            System.out.printf("%nsuggested rate          %.5f%n", lr);
            System.out.printf("accuracy with it        %.4f%n", accuracy(lr, loaders));
            System.out.printf("thirty times smaller    %.4f%n", accuracy(lr / FAR, loaders));
            System.out.printf("thirty times larger     %.4f%n", accuracy(lr * FAR, loaders));
            System.out.printf(
                    "the curve               %s%n",
                    folder.resolve("lr-find.svg").toAbsolutePath());
        }
        return 0;
    }

    private LearningRateCurve find(DataLoader train) {
        Trainer trainer = training.quiet().build();
        try (LitDigits module = new LitDigits(config(training.lr()))) {
            return LearningRateFinder.builder(trainer)
                    .minLr(MIN_LR)
                    .maxLr(MAX_LR)
                    .steps(STEPS)
                    .build()
                    .find(module, train);
        }
    }

    private double accuracy(double lr, DataLoaders loaders) {
        Trainer trainer = training.unsaved().build();
        try (LitDigits module = new LitDigits(config(lr))) {
            return Objects.requireNonNull(trainer.fit(module, loaders.train(), loaders.val())
                    .metrics()
                    .get("val_acc"));
        }
    }

    private static LitDigits.Config config(double lr) {
        return new LitDigits.Config(lr, 64, 0);
    }

    private static void draw(LearningRateCurve curve, Path folder) throws IOException {
        Files.createDirectories(folder);
        curve.writeCsv(folder.resolve("lr-find.csv"));
        LinePlot plot = curve.plot();
        plot.write(folder.resolve("lr-find.svg"));
        plot.write(folder.resolve("lr-find.png"));
    }
}
