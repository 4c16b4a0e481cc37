package io.github.lightning4j.examples;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains {@link LitChars} on a text, lets it write after each epoch, and compares it with counted n-grams. */
@Command(name = "char-transformer", header = "A causal transformer learns to write, character by character.")
public final class CharTransformer implements Callable<Integer> {
    private static final int LENGTH = 64;
    private static final int STRIDE = 16;
    private static final int LONGEST_GRAMS = 6;

    @Mixin
    private final TrainingOptions training = new TrainingOptions(4, 5e-3, null);

    @Option(names = "--batch-size", paramLabel = "N", description = "Pieces of text in a training batch.")
    private int batchSize = 16;

    @Option(names = "--write", paramLabel = "N", description = "Characters that it writes after each epoch.")
    private int written = 240;

    @Option(
            names = "--text",
            paramLabel = "FILE",
            description = "A text in UTF-8. Without it, the bundled excerpt of the Jargon File is used.")
    private @Nullable Path text;

    /** Creates the example with its default options. */
    public CharTransformer() {}

    /**
     * Runs the example.
     *
     * @param args its options; {@code --help} lists them
     */
    public static void main(String... args) {
        Main.start(new CharTransformer(), args);
    }

    @Override
    public Integer call() throws IOException {
        TextSource source = TextSource.of(text);
        Alphabet alphabet = Alphabet.of(source.whole());
        try (NDManager manager = NDManager.newBaseManager()) {
            DataLoader train = DataLoader.of(pieces(manager, alphabet.encode(source.train()), STRIDE), batchSize, true);
            DataLoader val = DataLoader.of(pieces(manager, alphabet.encode(source.val()), LENGTH), 64);
            DataLoader test = DataLoader.of(pieces(manager, alphabet.encode(source.test()), LENGTH), 64);
            long steps = training.epochs() * train.batchCount();
            try (LitChars module = new LitChars(config(alphabet, steps))) {
                TextWriter writer = new TextWriter(module, alphabet, source.end(), written);
                Trainer trainer = training.trainer("char-transformer")
                        .gradientClipVal(1)
                        .callbacks(ModelCheckpoint.builder().monitor("val_loss").build(), writer)
                        .build();
                FitResult fit = trainer.fit(module, train, val);
                if (training.wasInterrupted()) {
                    return TrainingOptions.INTERRUPTED;
                }

                try (Checkpoint best = Checkpoint.open(Objects.requireNonNull(fit.bestCheckpoint()))) {
                    best.restoreInto(module);
                }
                double loss = Objects.requireNonNull(trainer.test(module, test).get("test_loss"));
                report(source, alphabet, Math.exp(loss));
                System.out.printf(
                        "everything   %s%n",
                        Objects.requireNonNull(fit.runDirectory()).toAbsolutePath());
            }
        }
        return 0;
    }

    private LitChars.Config config(Alphabet alphabet, long steps) {
        return new LitChars.Config(alphabet.size(), LENGTH, 64, 2, 4, training.lr(), steps);
    }

    private static void report(TextSource source, Alphabet alphabet, double perplexity) {
        System.out.printf("%nperplexity of a character of unseen text%n");
        System.out.printf("transformer  %.3f%n", perplexity);
        for (int order = 2; order <= LONGEST_GRAMS; order++) {
            NGrams counted = new NGrams(order, alphabet.size(), source.train());
            System.out.printf("%d-grams      %.3f%n", order, counted.perplexity(source.test()));
        }
    }

    /** Pieces that begin every so many characters; the label of each character is the next one. */
    private static TensorDataset pieces(NDManager manager, long[] codes, int stride) {
        int count = (codes.length - LENGTH - 1) / stride + 1;
        long[] data = new long[count * LENGTH];
        long[] labels = new long[count * LENGTH];
        for (int i = 0; i < count; i++) {
            System.arraycopy(codes, i * stride, data, i * LENGTH, LENGTH);
            System.arraycopy(codes, i * stride + 1, labels, i * LENGTH, LENGTH);
        }
        Shape shape = new Shape(count, LENGTH);
        return TensorDataset.of(manager.create(data, shape), manager.create(labels, shape));
    }
}
