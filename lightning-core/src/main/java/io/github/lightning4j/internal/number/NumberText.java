package io.github.lightning4j.internal.number;

import java.util.Locale;

/** Numbers in as few characters as people need. */
public final class NumberText {
    private static final double SMALL = 1e-3;
    private static final double LARGE = 1e6;

    private NumberText() {}

    /** Four decimals; an exponent where those would say nothing. */
    public static String of(double value) {
        double magnitude = Math.abs(value);
        boolean plain = magnitude == 0 || (magnitude >= SMALL && magnitude < LARGE) || !Double.isFinite(value);
        return String.format(Locale.ROOT, plain ? "%.4f" : "%.3e", value);
    }
}
