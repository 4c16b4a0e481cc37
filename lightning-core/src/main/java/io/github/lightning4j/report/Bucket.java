package io.github.lightning4j.report;

/**
 * What is left of neighbouring points of a curve: the lowest and the highest.
 *
 * @param low the lowest finite point, or one that is not
 * @param high the highest finite point, or one that is not
 * @param gap where the first value was that is no finite number; NaN where there was none
 */
record Bucket(Point low, Point high, double gap) {
    record Point(double x, double y) {
        boolean isFinite() {
            return Double.isFinite(y);
        }
    }

    static Bucket of(double x, double y) {
        Point point = new Point(x, y);
        return new Bucket(point, point, point.isFinite() ? Double.NaN : x);
    }

    /** Both as one; the other follows this. */
    Bucket merge(Bucket next) {
        if (!next.low.isFinite()) {
            return new Bucket(low, high, firstGap(next));
        }
        if (!low.isFinite()) {
            return new Bucket(next.low, next.high, firstGap(next));
        }
        return new Bucket(
                low.y <= next.low.y ? low : next.low, high.y >= next.high.y ? high : next.high, firstGap(next));
    }

    private double firstGap(Bucket next) {
        return Double.isNaN(gap) ? next.gap : gap;
    }
}
