package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.lightning4j.Callback;
import io.github.lightning4j.Inference;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.plot.ImageGrid;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains {@link LitAutoencoder} on digits, draws after each epoch what it makes of them, and compares it with {@link Pca}. */
@Command(name = "autoencoder", header = "Digits are squeezed into 16 numbers and made of them again.")
public final class Autoencoder implements Callable<Integer> {
    private static final int DRAWN = 10;
    private static final int SIDE = 56;
    private static final int LONGEST_CODE = 256;

    @Mixin
    private final TrainingOptions training = new TrainingOptions(10, 3e-3, null);

    @Mixin
    private final DigitOptions digits = new DigitOptions();

    @Option(names = "--code", paramLabel = "N", description = "Numbers that a digit is squeezed into.")
    private int code = 16;

    /** Creates the example with its default options. */
    public Autoencoder() {}

    /**
     * Runs the example.
     *
     * @param args its options; {@code --help} lists them
     */
    public static void main(String... args) {
        Main.start(new Autoencoder(), args);
    }

    /** Draws digits and what a module makes of them after each epoch. */
    private record Drawing(List<Digit> digits) implements Callback {
        @Override
        public void onTrainEpochEnd(Run run) {
            Path folder = Objects.requireNonNull(run.directory()).resolve("reconstructions");
            Map<String, List<Digit>> rows = new LinkedHashMap<>();
            rows.put("digit", digits);
            rows.put("autoencoder", through(run.module(), digits));
            try {
                grid(rows).write(folder.resolve(String.format("epoch-%02d.png", run.epoch())));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        Require.that(code >= 1 && code <= LONGEST_CODE, "--code", code, "from 1 to " + LONGEST_CODE, "");
        try (MnistData data = digits.data();
                LitAutoencoder module = new LitAutoencoder(new LitAutoencoder.Config(code, training.lr()))) {
            data.setup(Stage.TRAIN);
            List<Digit> shown = data.testDigits(DRAWN);
            Trainer trainer = training.trainer("autoencoder")
                    .callbacks(new Drawing(shown))
                    .build();
            FitResult fit = trainer.fit(module, data);
            if (training.wasInterrupted()) {
                return TrainingOptions.INTERRUPTED;
            }
            Path directory = Objects.requireNonNull(fit.runDirectory()).toAbsolutePath();
            double error = Objects.requireNonNull(trainer.test(module, data).get("test_loss"));
            System.out.printf("%nmean squared error of a pixel of unseen digits, code of %d numbers%n", code);
            System.out.printf("autoencoder  %.5f%n", error);
            compare(module, data.parts(), shown, directory.resolve("comparison.png"));
            System.out.printf("comparison   %s%n", directory.resolve("comparison.png"));
            System.out.printf("epochs       %s%n", directory.resolve("reconstructions"));
        }
        return 0;
    }

    /** Prints how good the best linear code of that length is, and draws digits, what it makes of them, and the module. */
    private void compare(LitAutoencoder module, DigitSource.Parts parts, List<Digit> shown, Path png)
            throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            Pca pca = new Pca(Digits.pixels(manager, parts.train()), code);
            NDArray unseen = Digits.pixels(manager, parts.test());
            NDArray error = pca.reconstruct(unseen).sub(unseen).square().mean();
            System.out.printf("PCA          %.5f%n", error.getFloat());

            NDArray images = Digits.images(manager, shown);
            NDArray linear = pca.reconstruct(images.reshape(shown.size(), -1)).reshape(images.getShape());
            Map<String, List<Digit>> rows = new LinkedHashMap<>();
            rows.put("digit", shown);
            rows.put("autoencoder", through(module, shown));
            rows.put("PCA", Digits.of(linear));
            grid(rows).write(png);
        }
    }

    /** The rows one below the other, to be compared. */
    private static ImageGrid grid(Map<String, List<Digit>> rows) {
        ImageGrid.Builder grid = ImageGrid.builder(DRAWN).side(SIDE);
        rows.forEach((name, digits) -> {
            grid.rowName(name);
            digits.forEach(digit -> grid.add(digit.image()));
        });
        return grid.build();
    }

    private static List<Digit> through(LightningModule module, List<Digit> digits) {
        try (Inference inference = module.inference()) {
            return Digits.of(inference.forward(Digits.images(inference.manager(), digits)));
        }
    }
}
