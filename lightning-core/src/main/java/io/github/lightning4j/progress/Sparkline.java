package io.github.lightning4j.progress;

import java.util.Arrays;

/** Numbers as a curve one line high. */
final class Sparkline {
    private static final char NOT_FINITE = 'x';

    private Sparkline() {}

    /** One character for each number: the lowest level for the least, the highest for the largest. */
    static String of(double[] values, String levels) {
        double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        double least = Arrays.stream(finite).min().orElse(0);
        double largest = Arrays.stream(finite).max().orElse(0);
        StringBuilder text = new StringBuilder();
        for (double value : values) {
            text.append(
                    Double.isFinite(value) ? levels.charAt(level(value, least, largest, levels.length())) : NOT_FINITE);
        }
        return text.toString();
    }

    private static int level(double value, double least, double largest, int levels) {
        double share = largest > least ? (value / 2 - least / 2) / (largest / 2 - least / 2) : 0;
        return (int) Math.min(levels - 1, Math.floor(share * levels));
    }
}
