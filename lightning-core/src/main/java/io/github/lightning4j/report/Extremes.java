package io.github.lightning4j.report;

/**
 * The exact values of a curve that people ask for.
 *
 * @param count how many values there were
 * @param min the lowest of those that are finite; NaN if there is none
 * @param minAt where it was first
 * @param max the highest of those that are finite; NaN if there is none
 * @param maxAt where it was first
 * @param nonFinite how many were NaN or infinite
 * @param firstNonFinite the first of them
 * @param firstNonFiniteAt where it was
 */
record Extremes(
        long count,
        double min,
        double minAt,
        double max,
        double maxAt,
        long nonFinite,
        double firstNonFinite,
        double firstNonFiniteAt) {
    static final Extremes NONE = new Extremes(0, Double.NaN, 0, Double.NaN, 0, 0, 0, 0);

    Extremes plus(double x, double y) {
        if (!Double.isFinite(y)) {
            boolean first = nonFinite == 0;
            return new Extremes(
                    count + 1,
                    min,
                    minAt,
                    max,
                    maxAt,
                    nonFinite + 1,
                    first ? y : firstNonFinite,
                    first ? x : firstNonFiniteAt);
        }
        boolean lower = !(y >= min);
        boolean higher = !(y <= max);
        return new Extremes(
                count + 1,
                lower ? y : min,
                lower ? x : minAt,
                higher ? y : max,
                higher ? x : maxAt,
                nonFinite,
                firstNonFinite,
                firstNonFiniteAt);
    }
}
