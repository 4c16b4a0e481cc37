package io.github.lightning4j.examples;

import ai.djl.ndarray.NDManager;
import io.github.lightning4j.Require;
import io.github.lightning4j.checkpoint.LoraFile;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.text.TextDataset;
import io.github.lightning4j.data.text.TextTokenizer;
import io.github.lightning4j.nn.BertEncoder;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fine-tunes a pretrained encoder of sentences to tell what kind of verb a definition defines. */
@Command(
        name = "text-finetune",
        header = "Fine-tunes a sentence encoder: its head, adapters or all of it. Needs the Maven profile minilm.")
public final class TextFinetune implements Callable<Integer> {
    private static final int VALIDATION = 200;
    private static final int TEST = 800;

    @Mixin
    private final TrainingOptions training = new TrainingOptions(3, 1e-4, null);

    @Option(names = "--tuning", paramLabel = "WHAT", description = "HEAD, LORA or FULL.")
    private LitText.Tuning tuning = LitText.Tuning.FULL;

    @Option(names = "--head-lr", paramLabel = "RATE", description = "Learning rate of the new head.")
    private double headLr = 3e-3;

    @Option(names = "--batch-size", paramLabel = "N", description = "Texts in a training batch.")
    private int batchSize = 32;

    @Option(names = "--texts", paramLabel = "N", description = "Texts to train on.")
    private int texts = 1_500;

    private final Pretrained pretrained;

    /** Creates the example with its default options. */
    public TextFinetune() {
        this(new MiniLm());
    }

    /** Creates the example with another encoder. */
    TextFinetune(Pretrained pretrained) {
        this.pretrained = pretrained;
    }

    /**
     * Runs the example.
     *
     * @param args its options; {@code --help} lists them
     */
    public static void main(String... args) {
        Main.start(new TextFinetune(), args);
    }

    @Override
    public Integer call() throws IOException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                TextTokenizer tokenizer = pretrained.tokenizer()) {
            return run(pretrained.encoder(manager), tokenizer);
        }
    }

    private int run(BertEncoder encoder, TextTokenizer tokenizer) {
        VerbTexts verbs = VerbTexts.bundled();
        int first = TEST + VALIDATION;
        Require.that(
                texts > 0 && texts <= verbs.size() - first,
                "--texts",
                texts,
                "from 1 to " + (verbs.size() - first),
                "");
        TextDataset train = verbs.tokens(tokenizer, first, first + texts);
        DataLoader batches = DataLoader.builder(train)
                .batchSize(batchSize)
                .shuffle(true)
                .bucketByLength(train::length)
                .name("train")
                .build();
        DataLoader validation = DataLoader.of(verbs.tokens(tokenizer, TEST, first), 64);
        DataLoader test = DataLoader.of(verbs.tokens(tokenizer, 0, TEST), 64);

        Trainer trainer = training.trainer("text-finetune").build();
        int steps = Math.toIntExact(batches.batchCount() * training.epochs());
        LitText.Config config = new LitText.Config(tuning.name(), VerbTexts.KINDS.size(), training.lr(), headLr, steps);
        try (LitText module = new LitText(config, encoder)) {
            FitResult fit = trainer.fit(module, batches, validation);
            if (training.wasInterrupted()) {
                return TrainingOptions.INTERRUPTED;
            }
            double accuracy = Objects.requireNonNull(trainer.test(module, test).get("test_acc"));
            Path directory = Objects.requireNonNull(fit.runDirectory()).toAbsolutePath();
            System.out.printf("%ntuned            %s%n", tuning);
            System.out.printf("test accuracy    %.4f%n", accuracy);
            if (tuning == LitText.Tuning.LORA) {
                LoraFile.save(encoder, directory.resolve("adapters"));
                System.out.printf("adapters         %s%n", directory.resolve("adapters"));
            }
            System.out.printf("everything       %s%n", directory);
        }
        return 0;
    }
}
