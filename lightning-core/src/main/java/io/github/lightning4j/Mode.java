package io.github.lightning4j;

/** Which way a monitored metric is better. */
public enum Mode {
    /** Less is better, as of a loss. */
    MIN,
    /** More is better, as of an accuracy. */
    MAX;

    /**
     * Whether one value beats another by more than a margin.
     *
     * @param value the new value; NaN beats nothing
     * @param best the value to beat
     * @param margin by how much it has to be better, 0 or more
     * @return true if it is strictly better
     */
    public boolean isBetter(double value, double best, double margin) {
        return this == MIN ? value < best - margin : value > best + margin;
    }

    /**
     * The value that everything beats.
     *
     * @return infinity for {@code MIN}, minus infinity for {@code MAX}
     */
    public double worst() {
        return this == MIN ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }
}
