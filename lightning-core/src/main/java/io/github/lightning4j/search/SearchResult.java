package io.github.lightning4j.search;

import ai.djl.nn.Block;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.CheckpointFolder;
import io.github.lightning4j.internal.text.TextTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What came out of a search.
 *
 * @param <C> a configuration
 */
public final class SearchResult<C> {
    private final String monitor;
    private final Path directory;
    private final long seed;
    private final List<Trial<C>> ranking;

    SearchResult(String monitor, Path directory, long seed, List<Trial<C>> ranking) {
        this.monitor = monitor;
        this.directory = directory;
        this.seed = seed;
        this.ranking = List.copyOf(ranking);
    }

    /**
     * The trials from the best to the worst. Those that were trained longer come first, since values after different numbers of
     * epochs are not comparable; those whose value is NaN come last.
     *
     * @return every trial
     */
    public List<Trial<C>> trials() {
        return ranking;
    }

    /**
     * The best trial.
     *
     * @return the first of {@link #trials}
     * @throws LightningException if the value of every trial is NaN
     */
    public Trial<C> best() {
        Trial<C> best = ranking.get(0);
        if (Double.isNaN(best.value())) {
            throw new LightningException("No trial came to a '" + monitor + "' that is a number. Look at " + directory
                    + "; smaller learning rates may help.");
        }
        return best;
    }

    /**
     * The checkpoint with which the best trial ended.
     *
     * @return the file
     * @throws CheckpointException if it is gone or damaged
     */
    public Path bestCheckpoint() {
        try (Checkpoint newest = CheckpointFolder.openNewest(best().directory())) {
            if (newest == null) {
                throw new CheckpointException(
                        "There is no sound checkpoint in " + CheckpointFolder.of(best().directory())
                                + ". Run the search with checkpoints enabled, in a new directory.");
            }
            return newest.file();
        }
    }

    /**
     * Makes the best module: of the best configuration, with the weights with which its trial ended.
     *
     * @param constructor makes a module of a configuration
     * @param <M> the module's type
     * @return the module, ready for use; the caller closes it
     * @throws CheckpointException if the checkpoint is gone or damaged
     */
    public <M extends Block> M bestModule(Function<? super C, ? extends M> constructor) {
        M module = constructor.apply(best().config());
        try (Checkpoint checkpoint = Checkpoint.open(bestCheckpoint())) {
            checkpoint.restoreInto(module);
        }
        return module;
    }

    /**
     * The seed from which those of the trials derive.
     *
     * @return the seed, given or drawn
     */
    public long seed() {
        return seed;
    }

    /**
     * Where the trials' run directories {@code trial-0}, {@code trial-1} and so on are, and {@code trials.json} and {@code
     * trials.csv}.
     *
     * @return the directory
     */
    public Path directory() {
        return directory;
    }

    /**
     * The trials as text, for people, the best first.
     *
     * @return a line for each trial
     */
    public String table() {
        List<List<String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of("trial"));
        header.addAll(ranking.get(0).values().keySet());
        header.addAll(List.of("epochs", monitor));
        rows.add(header);
        for (Trial<C> trial : ranking) {
            List<String> row = new ArrayList<>(List.of(Integer.toString(trial.index())));
            trial.values().values().forEach(value -> row.add(text(value)));
            row.addAll(List.of(Long.toString(trial.epochs()), text(trial.value())));
            rows.add(row);
        }
        return TextTable.of(rows, column -> true);
    }

    private static String text(Object value) {
        return value instanceof Double number ? String.format(Locale.ROOT, "%.5g", number) : value.toString();
    }

    @Override
    public String toString() {
        return table();
    }
}
