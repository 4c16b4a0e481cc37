package io.github.lightning4j.data;

import java.util.Arrays;

/** Pearson's statistic. */
final class ChiSquare {
    private ChiSquare() {}

    /** How far counts are from being equal. */
    static double uniform(long... counts) {
        double expected = Arrays.stream(counts).average().orElseThrow();
        return Arrays.stream(counts)
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
    }
}
