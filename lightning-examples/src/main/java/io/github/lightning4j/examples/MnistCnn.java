package io.github.lightning4j.examples;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.translate.TranslateException;
import io.github.lightning4j.Mode;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.data.augment.RandomCrop;
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

/** Trains {@link LitMnist} on handwritten digits, tests the best checkpoint and draws what it predicts. */
@Command(name = "mnist-cnn", header = "A convolutional network learns handwritten digits: the place to start.")
public final class MnistCnn implements Callable<Integer> {
    private static final int DRAWN = 15;

    @Mixin
    private final TrainingOptions training = new TrainingOptions(10, 2e-3, null);

    @Mixin
    private final DigitOptions digits = new DigitOptions();

    /** Creates the example with its default options. */
    public MnistCnn() {}

    /**
     * Runs the example.
     *
     * @param args its options; {@code --help} lists them
     */
    public static void main(String... args) {
        Main.start(new MnistCnn(), args);
    }

    @Override
    public Integer call() throws IOException, TranslateException {
        ModelCheckpoint best =
                ModelCheckpoint.builder().monitor("val_acc").mode(Mode.MAX).build();
        Trainer trainer = training.trainer("mnist-cnn").callbacks(best).build();
        try (MnistData data = digits.data(new RandomCrop(1));
                LitMnist module = new LitMnist(new LitMnist.Config(training.lr()))) {
            FitResult fit = trainer.fit(module, data);
            if (training.wasInterrupted()) {
                return TrainingOptions.INTERRUPTED;
            }

            Path checkpoint = Objects.requireNonNull(fit.bestCheckpoint());
            restore(checkpoint, module);
            Map<String, Double> test = trainer.test(module, data);
            System.out.printf("%n%s%n", module.testTable());
            System.out.printf("test accuracy    %.4f%n", test.get("test_acc"));
            System.out.printf("test loss        %.4f%n", test.get("test_loss"));

            Path directory = Objects.requireNonNull(fit.runDirectory()).toAbsolutePath();
            Path picture = directory.resolve("predictions.png");
            List<Digit> shown = data.testDigits(DRAWN);
            DigitSheet.of(shown, predict(module, shown)).write(picture);
            System.out.printf("best checkpoint  %s (val_acc %.4f)%n", checkpoint, best.bestModelScore());
            module.wrongDigits().write(directory.resolve("wrong.png"));
            System.out.printf("predictions      %s%n", picture);
            System.out.printf("wrong ones       %s%n", directory.resolve("wrong.png"));
            System.out.printf("everything       %s%n", directory);
        }
        return 0;
    }

    private static void restore(Path file, LitMnist module) {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            checkpoint.restoreInto(module);
        }
    }

    /** A trained module is a DJL block, so DJL's own classes use it as they use any other. */
    private static List<Classifications> predict(LitMnist module, List<Digit> digits) throws TranslateException {
        try (Model model = Model.newInstance("mnist-cnn")) {
            model.setBlock(module);
            try (Predictor<Digit, Classifications> predictor = model.newPredictor(new DigitTranslator())) {
                return predictor.batchPredict(digits);
            }
        }
    }
}
