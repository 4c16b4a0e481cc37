package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/** How much images of the same class differ: the variance of a pixel within its class. A generator that collapsed has none. */
final class Variety {
    private final double[][] sums;
    private final long[] counts;
    private double squares;
    private long pixels;

    Variety(int classes) {
        sums = new double[classes][];
        counts = new long[classes];
    }

    /** Adds images (N, ...) of some classes (N). */
    void add(NDArray images, NDArray classes) {
        long[] labels = classes.toType(DataType.INT64, false).toLongArray();
        float[] values = images.toFloatArray();
        int size = values.length / labels.length;
        for (int i = 0; i < labels.length; i++) {
            int label = (int) labels[i];
            if (counts[label]++ == 0) {
                sums[label] = new double[size];
            }
            for (int pixel = 0; pixel < size; pixel++) {
                float value = values[i * size + pixel];
                sums[label][pixel] += value;
                squares += value * value;
            }
        }
        pixels += values.length;
    }

    /** The variance. */
    double value() {
        double ofMeans = 0;
        for (int label = 0; label < sums.length; label++) {
            for (int pixel = 0; counts[label] > 0 && pixel < sums[label].length; pixel++) {
                ofMeans += sums[label][pixel] * sums[label][pixel] / counts[label];
            }
        }
        return (squares - ofMeans) / pixels;
    }
}
