package io.github.lightning4j.progress;

import java.util.Arrays;

/**
 * The course of a number in a fixed number of points: when they are full, two become one, so that the whole course is always
 * kept, the coarser the longer it is.
 */
final class Curve {
    private final double[] means;
    private int size;
    private int each = 1;
    private double sum;
    private int count;

    /** Creates an empty curve; the number of points is even. */
    Curve(int points) {
        means = new double[points];
    }

    void add(double value) {
        sum += value;
        count++;
        if (count < each) {
            return;
        }
        if (size == means.length) {
            halve();
            return;
        }
        means[size++] = sum / count;
        sum = 0;
        count = 0;
    }

    private void halve() {
        for (int i = 0; i < size / 2; i++) {
            means[i] = (means[2 * i] + means[2 * i + 1]) / 2;
        }
        size /= 2;
        each *= 2;
    }

    /** The points, at most so many; the last holds what has come since. */
    double[] points(int most) {
        double[] all = Arrays.copyOf(means, count == 0 ? size : size + 1);
        if (count > 0) {
            all[size] = sum / count;
        }
        if (all.length <= most) {
            return all;
        }
        double[] fewer = new double[most];
        for (int i = 0; i < most; i++) {
            int from = (int) ((long) i * all.length / most);
            int to = (int) ((i + 1L) * all.length / most);
            fewer[i] = Arrays.stream(all, from, to).average().orElseThrow();
        }
        return fewer;
    }
}
