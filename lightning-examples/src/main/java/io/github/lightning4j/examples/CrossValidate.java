package io.github.lightning4j.examples;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.RandomAccessDataset;
import io.github.lightning4j.crossvalidation.CrossValidation;
import io.github.lightning4j.crossvalidation.CrossValidationResult;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.KFold;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says from few digits how well a network will tell digits it has not seen, and looks whether that is so. */
@Command(
        name = "cross-validation",
        header = "Judges a network by five folds of few digits, and by thousands of others.")
public final class CrossValidate implements Callable<Integer> {
    @Mixin
    private final TrainingOptions training = new TrainingOptions(15, 0.2, null);

    @Option(names = "--samples", paramLabel = "N", description = "Digits to learn and to judge from.")
    private int samples = 1000;

    @Option(names = "--folds", paramLabel = "N", description = "Parts, of which each is held out once.")
    private int folds = 5;

    /** Creates the example with its default options. */
    public CrossValidate() {}

    /**
     * Runs the example.
     *
     * @param args its options; {@code --help} lists them
     */
    public static void main(String... args) {
        Main.start(new CrossValidate(), args);
    }

    @Override
    public Integer call() throws IOException {
        LitDigits.Config config = new LitDigits.Config(training.lr(), 64, 0);
        try (NDManager manager = NDManager.newBaseManager()) {
            DigitSource.Parts digits = DigitSource.bundled().load(manager);
            RandomAccessDataset few = Digits.few(digits.train(), samples);
            CrossValidation.Builder validation = CrossValidation.builder(
                            KFold.stratified(folds).shuffled(1),
                            few,
                            fold -> new LitDigits(config),
                            fold -> training.quiet())
                    .batchSize(32);
            training.applyTo("cross-validation", "folds.json", validation::directory, validation::seed);
            try (CrossValidationResult result = validation.build().run()) {
                System.out.printf("%n%s%n", result.table());
                System.out.printf("cross-validated   %.4f +- %.4f%n", result.mean("val_acc"), result.std("val_acc"));
                System.out.printf("unseen digits     %.4f%n", unseen(config, few, digits, result.seed()));
                System.out.printf("everything        %s%n", result.directory().toAbsolutePath());
            }
        }
        return 0;
    }

    /** The accuracy on digits that no fold has seen, after training on all that the folds share. */
    private double unseen(LitDigits.Config config, RandomAccessDataset few, DigitSource.Parts digits, long seed) {
        Trainer trainer = training.unsaved().seed(seed).build();
        try (LitDigits module = new LitDigits(config)) {
            trainer.fit(module, DataLoader.of(few, 32, true));
            double val = accuracy(trainer, module, digits.val());
            double test = accuracy(trainer, module, digits.test());
            return (val + test) / 2;
        }
    }

    private static double accuracy(Trainer trainer, LitDigits module, RandomAccessDataset digits) {
        return Objects.requireNonNull(
                trainer.test(module, DataLoader.of(digits, 500)).get("test_acc"));
    }
}
