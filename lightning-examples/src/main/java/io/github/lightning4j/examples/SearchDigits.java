package io.github.lightning4j.examples;

import ai.djl.ndarray.NDManager;
import io.github.lightning4j.Mode;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.DataLoaders;
import io.github.lightning4j.search.Search;
import io.github.lightning4j.search.SearchResult;
import io.github.lightning4j.search.Space;
import io.github.lightning4j.search.Trial;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks for hyperparameters by successive halving, which trains few trials to the end. */
@Command(name = "search", header = "Looks for a rate, a width and a dropout by successive halving.")
public final class SearchDigits implements Callable<Integer> {
    @Mixin
    private final TrainingOptions training = new TrainingOptions(9, 0.2, null);

    @Option(names = "--trials", paramLabel = "N", description = "Configurations to try.")
    private int trials = 16;

    @Option(names = "--samples", paramLabel = "N", description = "Digits to learn from.")
    private int samples = 2000;

    @Option(names = "--full", description = "Train every trial to the end, to see what halving leaves out.")
    private boolean full;

    /** Creates the example with its default options. */
    public SearchDigits() {}

    /**
     * Runs the example.
     *
     * @param args its options; {@code --help} lists them
     */
    public static void main(String... args) {
        Main.start(new SearchDigits(), args);
    }

    @Override
    public Integer call() throws IOException {
        Space<LitDigits.Config> space = Space.builder()
                .logUniform("lr", 1e-3, 3)
                .intRange("hidden", 8, 128)
                .uniform("dropout", 0, 0.5)
                .build(new LitDigits.Config(training.lr(), 64, 0));
        try (NDManager manager = NDManager.newBaseManager()) {
            DigitSource.Parts digits = DigitSource.bundled().load(manager);
            DataLoaders loaders = DataLoaders.of(Digits.few(digits.train(), samples), digits.val(), 64);
            Search.Builder<LitDigits.Config> search = Search.builder(space, LitDigits::new, config -> training.quiet())
                    .data(loaders.train(), loaders.val())
                    .monitor("val_acc", Mode.MAX)
                    .random(trials);
            if (full) {
                search.epochs(training.epochs());
            } else {
                search.successiveHalving(1, training.epochs(), 3);
            }
            training.applyTo("search", "trials.json", search::directory, search::seed);
            SearchResult<LitDigits.Config> result = search.build().run();
            show(result, digits);
        }
        return 0;
    }

    private void show(SearchResult<LitDigits.Config> result, DigitSource.Parts digits) {
        long epochs = result.trials().stream().mapToLong(Trial::epochs).sum();
        System.out.printf("%n%s%n", result.table());
        System.out.printf("epochs trained    %d of %d%n", epochs, trials * training.epochs());
        System.out.printf("best accuracy     %.4f%n", result.best().value());
        try (LitDigits best = result.bestModule(LitDigits::new)) {
            double test = Objects.requireNonNull(training.quiet()
                    .loggers()
                    .build()
                    .test(best, DataLoader.of(digits.test(), 500))
                    .get("test_acc"));
            System.out.printf("unseen digits     %.4f%n", test);
        }
        System.out.printf("best checkpoint   %s%n", result.bestCheckpoint().toAbsolutePath());
    }
}
