package io.github.lightning4j.crossvalidation;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.internal.text.TextTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * What came out of a cross-validation: the metrics of every fold, their mean and spread, and a prediction for each sample by
 * the module that has not seen it. Close it to free the predictions; everything else stays.
 */
public final class CrossValidationResult implements AutoCloseable {
    private final Path directory;
    private final long seed;
    private final List<FoldResult> folds;
    private final @Nullable NDArray predictions;

    CrossValidationResult(Path directory, long seed, List<FoldResult> folds, @Nullable NDArray predictions) {
        this.directory = directory;
        this.seed = seed;
        this.folds = List.copyOf(folds);
        this.predictions = predictions;
    }

    /**
     * The folds.
     *
     * @return one result a fold, in order
     */
    public List<FoldResult> folds() {
        return folds;
    }

    /**
     * The names of all metrics.
     *
     * @return sorted; a copy
     */
    public List<String> metrics() {
        TreeSet<String> names = new TreeSet<>();
        folds.forEach(fold -> names.addAll(fold.metrics().keySet()));
        return List.copyOf(names);
    }

    /**
     * The mean of a metric over the folds.
     *
     * @param metric the name it is logged under
     * @return the mean, each fold counted once however many samples it holds out
     * @throws ConfigurationException if a fold did not log it
     */
    public double mean(String metric) {
        return values(metric).average().orElseThrow();
    }

    /**
     * The spread of a metric over the folds: the standard deviation of a sample, with the number of folds less one as divisor.
     *
     * @param metric the name it is logged under
     * @return the standard deviation
     * @throws ConfigurationException if a fold did not log it
     */
    public double std(String metric) {
        double mean = mean(metric);
        double squares =
                values(metric).map(value -> (value - mean) * (value - mean)).sum();
        return Math.sqrt(squares / (folds.size() - 1));
    }

    private DoubleStream values(String metric) {
        return folds.stream().mapToDouble(fold -> {
            Double value = fold.metrics().get(metric);
            if (value == null) {
                throw new ConfigurationException(
                        "Fold " + fold.index() + " logged no '" + metric + "' in validation; it logged "
                                + new TreeSet<>(fold.metrics().keySet()) + ".");
            }
            return value;
        });
    }

    /**
     * For each sample of the dataset, in its order, what the module of the fold that holds it out predicts: the first output of
     * {@code predictStep}.
     *
     * @return an array of shape (samples, ...) on the CPU, owned by this result
     * @throws LightningException if this was closed, or predictions were not asked for
     */
    public NDArray predictions() {
        if (predictions == null) {
            throw new LightningException("This cross-validation was built with predict(false). Leave it out.");
        }
        if (predictions.isReleased()) {
            throw new LightningException(
                    "The predictions were closed and freed. Read them before close(), within the try.");
        }
        return predictions;
    }

    /**
     * The seed from which those of the folds derive.
     *
     * @return the seed, given or drawn
     */
    public long seed() {
        return seed;
    }

    /**
     * Where the folds' run directories {@code fold-0}, {@code fold-1} and so on are.
     *
     * @return the directory
     */
    public Path directory() {
        return directory;
    }

    /**
     * The metrics as text, for people.
     *
     * @return a line for each fold, then mean and spread
     */
    public String table() {
        List<String> names = metrics();
        List<List<String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of("fold"));
        header.addAll(names);
        rows.add(header);
        for (FoldResult fold : folds) {
            rows.add(row(
                    Integer.toString(fold.index()),
                    names,
                    name -> fold.metrics().getOrDefault(name, Double.NaN)));
        }
        rows.add(row("mean", names, this::meanOrNaN));
        rows.add(row("std", names, name -> Double.isNaN(meanOrNaN(name)) ? Double.NaN : std(name)));
        return TextTable.of(rows, column -> column > 0);
    }

    private double meanOrNaN(String metric) {
        boolean everywhere = folds.stream().allMatch(fold -> fold.metrics().containsKey(metric));
        return everywhere ? mean(metric) : Double.NaN;
    }

    private static List<String> row(String head, List<String> names, ToDoubleFunction<String> value) {
        List<String> row = new ArrayList<>(List.of(head));
        names.forEach(name -> row.add(String.format(Locale.ROOT, "%.6g", value.applyAsDouble(name))));
        return row;
    }

    @Override
    public String toString() {
        return table();
    }

    /** Frees the predictions. */
    @Override
    public void close() {
        if (predictions != null) {
            predictions.getManager().close();
        }
    }
}
