package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.DataException;
import io.github.lightning4j.MetricValue;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * A metric of how scores order samples. Without thresholds it is exact and keeps every score, 8 bytes each in Java's memory,
 * until it is reset; with thresholds its memory does not grow.
 */
public abstract class CurveMetric extends StateMetric<ScoreColumns> {
    private final ClassSetup setup;

    CurveMetric(ClassSetup setup, List<Double> thresholds) {
        super(new ScoreColumns(setup, thresholds));
        this.setup = setup;
    }

    /**
     * Adds a batch.
     *
     * @param predictions scores of a floating point dtype: for several classes (N, C) or (N, C, d1, ..., dk), otherwise of
     *     the labels' shape; probabilities, unless built with {@code logits()}
     * @param labels for several classes indices from 0 to C - 1 of shape (N) or (N, 1), with further axes (N, d1, ..., dk);
     *     for several labels 0 and 1 of shape (N, L) or (N, L, d1, ..., dk); for the binary case 0 and 1 of any shape
     * @throws DataException if the shapes do not fit, a label is not one of those, or a score is NaN or no probability;
     *     nothing is added then
     */
    @Override
    public final void update(NDArray predictions, NDArray labels) {
        super.update(predictions, labels);
    }

    final ClassSetup setup() {
        return setup;
    }

    /** A line for each column, named by its class where there are several. */
    final List<MetricValue.Line> lines(ScoreColumns over, BiFunction<Cuts, String, MetricValue.Line> line) {
        Cuts[] cuts = over.cuts();
        return IntStream.range(0, cuts.length)
                .mapToObj(i -> line.apply(
                        cuts[i], cuts.length == 1 ? "" : setup.names().get(i)))
                .toList();
    }
}
