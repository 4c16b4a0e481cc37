package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** A column of scores for each class or label, or one of the binary case. */
final class ScoreColumns implements BatchState {
    private final ClassSetup setup;
    private final List<Double> thresholds;
    private final ScoreColumn[] columns;

    /** Keeps all scores if there are no thresholds. */
    ScoreColumns(ClassSetup setup, List<Double> thresholds) {
        this.setup = setup;
        this.thresholds = thresholds;
        this.columns = new ScoreColumn
                [setup.task() == Task.BINARY ? 1 : setup.counting().classes()];
        Arrays.setAll(columns, i -> form().get());
    }

    private Supplier<ScoreColumn> form() {
        Cuts.Kind exact = setup.isMulticlass() ? Cuts.Kind.EXACT_OF_CLASS : Cuts.Kind.EXACT;
        return thresholds.isEmpty()
                ? () -> new ExactColumn(exact)
                : () -> new BinnedColumn(
                        thresholds.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** What is kept of scores, beside how they are read. */
    private record Kind(ClassSetup.Counting counting, List<Double> thresholds) {}

    @Override
    public Object kind() {
        return new Kind(setup.counting(), thresholds);
    }

    @Override
    public void update(NDArray predictions, NDArray labels) {
        new Probabilities(setup.owner(), setup.counting())
                .forEach(predictions, labels, (column, score, positive) -> columns[column].add(score, positive));
    }

    /** The cuts of each column. */
    Cuts[] cuts() {
        return Arrays.stream(columns).map(ScoreColumn::cuts).toArray(Cuts[]::new);
    }

    /** The cuts of all columns together. */
    Cuts together() {
        ScoreColumn all = form().get();
        Arrays.stream(columns).forEach(all::addAll);
        return all.cuts();
    }

    @Override
    public void reset() {
        Arrays.stream(columns).forEach(ScoreColumn::reset);
    }

    @Override
    public void save(StateWriter state) {
        for (int i = 0; i < columns.length; i++) {
            columns[i].save(state.child(Integer.toString(i)));
        }
    }

    @Override
    public void load(StateReader state) {
        for (int i = 0; i < columns.length; i++) {
            columns[i].load(state.child(Integer.toString(i)));
        }
    }
}
