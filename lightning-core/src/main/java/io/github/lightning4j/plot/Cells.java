package io.github.lightning4j.plot;

import io.github.lightning4j.MetricValue;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The numbers of a matrix, or, of a large one, the one farthest from 0 of each block.
 *
 * @param farthest how far from 0 the farthest finite one is
 */
@SuppressWarnings("ArrayRecordComponent") // only handed on
record Cells(List<String> rows, List<String> columns, double[][] values, double farthest, boolean hasNegative) {
    static Cells of(MetricValue.Matrix matrix, int most) {
        int tall = step(matrix.rows().size(), most);
        int wide = step(matrix.columns().size(), most);
        List<String> rows = every(matrix.rows(), tall);
        List<String> columns = every(matrix.columns(), wide);
        double[][] values = new double[rows.size()][columns.size()];
        double farthest = 0;
        boolean negative = false;
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < columns.size(); column++) {
                double value = farthestOf(matrix, row * tall, column * wide, tall, wide);
                values[row][column] = value;
                farthest = Double.isFinite(value) ? Math.max(farthest, Math.abs(value)) : farthest;
                negative |= value < 0;
            }
        }
        return new Cells(rows, columns, values, farthest, negative);
    }

    private static int step(int count, int most) {
        return Math.max(1, (count + most - 1) / most);
    }

    private static List<String> every(List<String> names, int step) {
        return IntStream.range(0, names.size())
                .filter(i -> i % step == 0)
                .mapToObj(names::get)
                .toList();
    }

    private static double farthestOf(MetricValue.Matrix matrix, int top, int left, int tall, int wide) {
        double farthest = Double.NaN;
        for (List<Double> row : matrix.values()
                .subList(top, Math.min(top + tall, matrix.values().size()))) {
            for (double value : row.subList(left, Math.min(left + wide, row.size()))) {
                farthest = Math.abs(value) <= Math.abs(farthest) ? farthest : Double.isNaN(value) ? farthest : value;
            }
        }
        return farthest;
    }

    double value(int row, int column) {
        return values[row][column];
    }

    /** From -1 to 1. */
    double share(double value) {
        return farthest == 0 ? 0 : Math.max(-1, Math.min(1, value / farthest));
    }
}
