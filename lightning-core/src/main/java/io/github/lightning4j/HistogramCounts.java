package io.github.lightning4j;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/** Numbers, counted into buckets of equal width. */
@SuppressWarnings("ArrayRecordComponent") // only handed on
record HistogramCounts(
        double[] limits, long[] counts, double min, double max, double sum, double sumOfSquares, long nonFinite) {

    static HistogramCounts of(double[] values, int buckets) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double squares = 0;
        long finite = 0;
        for (double value : values) {
            if (Double.isFinite(value)) {
                min = Math.min(min, value);
                max = Math.max(max, value);
                sum += value;
                squares += value * value;
                finite++;
            }
        }
        if (finite == 0) {
            return new HistogramCounts(new double[] {0}, new long[1], 0, 0, 0, 0, values.length);
        }
        double width = min == max ? 1 : max / buckets - min / buckets;
        double[] limits = limits(min, max, width, buckets);
        return new HistogramCounts(
                limits, counts(values, min, width, limits.length), min, max, sum, squares, values.length - finite);
    }

    /** An array's elements. */
    static double[] numbers(NDArray array) {
        try (NDArray wide = array.toType(DataType.FLOAT64, true)) {
            return wide.toDoubleArray();
        }
    }

    private static double[] limits(double min, double max, double width, int buckets) {
        if (min == max) {
            return new double[] {max};
        }
        double[] limits = new double[buckets];
        for (int i = 0; i < limits.length; i++) {
            limits[i] = min + (i + 1) * width;
        }
        limits[limits.length - 1] = max;
        return limits;
    }

    private static long[] counts(double[] values, double min, double width, int buckets) {
        long[] counts = new long[buckets];
        for (double value : values) {
            if (Double.isFinite(value)) {
                counts[Math.min(buckets - 1, (int) ((value - min) / width))]++;
            }
        }
        return counts;
    }
}
