package io.github.lightning4j.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A curve in bounded memory. As it grows, neighbouring points are put together in pairs of their lowest and highest, so that
 * no peak is lost; what is kept depends on the points alone. Of several values at one x the last counts.
 */
final class Series {
    /** Twice as many points are kept at most, and the last. */
    static final int MOST_BUCKETS = 1024;

    private final List<Bucket> buckets = new ArrayList<>();
    private long width = 1;
    private long inLast;
    private Extremes settled = Extremes.NONE;
    private double x = Double.NEGATIVE_INFINITY;
    private double y = Double.NaN;

    /** Adds a point; an x below the last is taken for the last. */
    void add(double nextX, double nextY) {
        if (nextX > x) {
            settle();
            x = nextX;
        }
        y = nextY;
    }

    boolean isEmpty() {
        return x == Double.NEGATIVE_INFINITY;
    }

    double lastX() {
        return x;
    }

    double last() {
        return y;
    }

    Extremes extremes() {
        return isEmpty() ? settled : settled.plus(x, y);
    }

    private void settle() {
        if (isEmpty()) {
            return;
        }
        settled = settled.plus(x, y);
        if (!buckets.isEmpty() && inLast < width) {
            int last = buckets.size() - 1;
            buckets.set(last, buckets.get(last).merge(Bucket.of(x, y)));
            inLast++;
            return;
        }
        if (buckets.size() == MOST_BUCKETS) {
            List<Bucket> halved = paired(buckets, 2);
            buckets.clear();
            buckets.addAll(halved);
            width *= 2;
        }
        buckets.add(Bucket.of(x, y));
        inLast = 1;
    }

    private static List<Bucket> paired(List<Bucket> all, int of) {
        List<Bucket> merged = new ArrayList<>();
        for (int i = 0; i < all.size(); i += of) {
            merged.add(all.subList(i, Math.min(all.size(), i + of)).stream()
                    .reduce(Bucket::merge)
                    .orElseThrow());
        }
        return merged;
    }

    /** The curve in about as many points, from 2, or fewer; a y that is not finite stands for a gap. */
    Points points(int most) {
        int pairs = Math.max(1, most / 2);
        int together = (buckets.size() + pairs - 1) / pairs;
        Points points = new Points();
        (together > 1 ? paired(buckets, together) : buckets).forEach(points::add);
        if (!isEmpty()) {
            points.add(Bucket.of(x, y));
        }
        return points;
    }
}
