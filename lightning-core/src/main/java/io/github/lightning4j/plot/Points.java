package io.github.lightning4j.plot;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** Points in pixels, in their order. */
@SuppressWarnings("ArrayRecordComponent") // only handed on
record Points(double[] x, double[] y) {
    /** About four for each column of pixels. */
    private static final int MOST = 4 * Frame.WIDTH;

    /**
     * As many as can be told apart: of points that go one way the first, lowest, highest and last of each column of pixels,
     * of others every so many.
     */
    Points thinned() {
        if (x.length <= MOST) {
            return this;
        }
        return goOneWay() ? ofColumns() : every((x.length + MOST - 1) / MOST);
    }

    private boolean goOneWay() {
        boolean right = true;
        boolean left = true;
        for (int i = 1; i < x.length; i++) {
            right &= x[i] >= x[i - 1];
            left &= x[i] <= x[i - 1];
        }
        return right || left;
    }

    private Points every(int steps) {
        return of(index -> index % steps == 0 || index == x.length - 1);
    }

    private Points ofColumns() {
        boolean[] kept = new boolean[x.length];
        for (int start = 0; start < x.length; ) {
            int end = start;
            int low = start;
            int high = start;
            while (end < x.length && Math.rint(x[end]) == Math.rint(x[start])) {
                low = y[end] < y[low] ? end : low;
                high = y[end] > y[high] ? end : high;
                end++;
            }
            kept[start] = kept[low] = kept[high] = kept[end - 1] = true;
            start = end;
        }
        return of(index -> kept[index]);
    }

    private Points of(IntPredicate kept) {
        double[] someX = new double[x.length];
        double[] someY = new double[x.length];
        int count = 0;
        for (int i = 0; i < x.length; i++) {
            if (kept.test(i)) {
                someX[count] = x[i];
                someY[count++] = y[i];
            }
        }
        return new Points(Arrays.copyOf(someX, count), Arrays.copyOf(someY, count));
    }

    Points reversed() {
        int last = x.length - 1;
        double[] backX = new double[x.length];
        double[] backY = new double[x.length];
        for (int i = 0; i <= last; i++) {
            backX[i] = x[last - i];
            backY[i] = y[last - i];
        }
        return new Points(backX, backY);
    }

    Points followedBy(Points others) {
        return new Points(joined(x, others.x), joined(y, others.y));
    }

    private static double[] joined(double[] first, double[] second) {
        double[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
