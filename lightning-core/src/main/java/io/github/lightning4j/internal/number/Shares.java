package io.github.lightning4j.internal.number;

/** Fractions of whole numbers, exact for every k/n: 0.29 of 100 is 29, though in binary the product falls short of it. */
public final class Shares {
    /** Far more than a quotient, a sum of some and a product can miss, and far less than any share that is meant. */
    private static final double ROUNDING = 1e-12;

    private Shares() {}

    /** The fraction of a number, rounded down. */
    public static long floor(long total, double fraction) {
        double share = total * fraction;
        long nearest = Math.round(share);
        return Math.abs(share - nearest) <= ROUNDING * share ? nearest : (long) share;
    }

    /** The fraction of a number, rounded to the nearest, halves up. */
    public static long round(long total, double fraction) {
        return (floor(2 * total, fraction) + 1) / 2;
    }
}
