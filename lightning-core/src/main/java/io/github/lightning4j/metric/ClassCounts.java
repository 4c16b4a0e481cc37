package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.Arrays;

/**
 * Counts by label and prediction: one square of all classes, or for labels and the binary case one of 2 by 2 each, as
 * {@code cell[label * width + prediction]}.
 */
final class ClassCounts implements BatchState {
    private static final String CELLS = "counts";

    private final ClassSetup setup;
    private final int width;
    private final long[] cells;

    ClassCounts(ClassSetup setup) {
        this.setup = setup;
        this.width = setup.isMulticlass() ? setup.counting().classes() : 2;
        this.cells = new long[squares() * width * width];
    }

    private int squares() {
        return setup.task() == Task.MULTILABEL ? setup.counting().classes() : 1;
    }

    int width() {
        return width;
    }

    boolean isEmpty() {
        return Arrays.stream(cells).allMatch(cell -> cell == 0);
    }

    @Override
    public void update(NDArray predictions, NDArray labels) {
        ClassIndices indices = new ClassIndices(setup.owner(), setup.counting());
        int[] expected = indices.ofLabels(labels);
        int[] predicted = indices.ofPredictions(predictions, labels.getShape(), expected);
        if (squares() == 1) {
            for (int i = 0; i < expected.length; i++) {
                if (expected[i] >= 0) {
                    cells[expected[i] * width + predicted[i]]++;
                }
            }
            return;
        }
        int inner = Math.toIntExact(labels.getShape().slice(2).size());
        for (int i = 0; i < expected.length; i++) {
            if (expected[i] >= 0) {
                cells[(i / inner) % squares() * 4 + expected[i] * 2 + predicted[i]]++;
            }
        }
    }

    /** A square of counts, by label and then prediction. */
    double[][] square(int index) {
        double[][] square = new double[width][width];
        for (int i = 0; i < width * width; i++) {
            square[i / width][i % width] = cells[index * width * width + i];
        }
        return square;
    }

    /** The squares added up. */
    double[][] total() {
        double[][] total = square(0);
        for (int s = 1; s < squares(); s++) {
            double[][] square = square(s);
            for (int i = 0; i < width * width; i++) {
                total[i / width][i % width] += square[i / width][i % width];
            }
        }
        return total;
    }

    /** The counts of each class or label; of the binary case those of class 1. */
    Stat[] stats() {
        Stat[] stats = new Stat[setup.isMulticlass() ? width : squares()];
        for (int i = 0; i < stats.length; i++) {
            stats[i] = setup.isMulticlass() ? stat(square(0), i) : stat(square(i), 1);
        }
        return stats;
    }

    private static Stat stat(double[][] square, int positive) {
        double all = 0;
        double row = 0;
        double column = 0;
        for (int i = 0; i < square.length; i++) {
            row += square[positive][i];
            column += square[i][positive];
            all += Arrays.stream(square[i]).sum();
        }
        double tp = square[positive][positive];
        return new Stat(tp, column - tp, all - row - column + tp, row - tp);
    }

    @Override
    public Object kind() {
        return setup.counting();
    }

    @Override
    public void reset() {
        Arrays.fill(cells, 0);
    }

    /** Counts right and wrong samples whose classes are not known. */
    void setTotals(long right, long wrong) {
        reset();
        cells[0] = right;
        cells[1] = wrong;
    }

    @Override
    public void save(StateWriter state) {
        state.putLongs(CELLS, cells);
    }

    @Override
    public void load(StateReader state) {
        long[] saved = state.getLongs(CELLS);
        if (saved.length != cells.length) {
            throw new CheckpointException(setup.owner() + " was saved with " + saved.length + " counts, but has "
                    + cells.length + ". Make it with the number of classes it was saved with.");
        }
        System.arraycopy(saved, 0, cells, 0, cells.length);
    }
}
