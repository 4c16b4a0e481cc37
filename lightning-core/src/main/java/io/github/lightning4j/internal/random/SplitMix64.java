package io.github.lightning4j.internal.random;

import java.util.random.RandomGenerator;

/**
 * The generator SplitMix64 (Steele, Lea, Flood 2014, OOPSLA, doi 10.1145/2660193.2660195) with every derived draw spelled
 * out: Java's own generators may change theirs from one release to the next, and equal seeds shall stay equal.
 */
public final class SplitMix64 implements RandomGenerator {
    /** What the state grows by with each draw. */
    public static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private static final long LOW_32_BITS = 0xFFFFFFFFL;

    private long state;

    public SplitMix64(long seed) {
        state = seed;
    }

    @Override
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** The finaliser: every bit of the value changes about half of the bits of the result. */
    public static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    @Override
    public int nextInt() {
        return (int) (nextLong() >>> 32);
    }

    /** Unbiased, by multiplication and rejection (Lemire 2019, ACM TOMACS 29(1), doi 10.1145/3230636). */
    @Override
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound is " + bound + "; expected at least 1");
        }
        long product = (nextInt() & LOW_32_BITS) * bound;
        if ((product & LOW_32_BITS) < bound) {
            long threshold = (LOW_32_BITS + 1 - bound) % bound;
            while ((product & LOW_32_BITS) < threshold) {
                product = (nextInt() & LOW_32_BITS) * bound;
            }
        }
        return (int) (product >>> 32);
    }

    @Override
    public int nextInt(int origin, int bound) {
        return origin + nextInt(Math.subtractExact(bound, origin));
    }

    @Override
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    @Override
    public double nextDouble(double origin, double bound) {
        return origin + nextDouble() * (bound - origin);
    }

    @Override
    public float nextFloat() {
        return (nextLong() >>> 40) * 0x1.0p-24f;
    }

    @Override
    public boolean nextBoolean() {
        return nextLong() < 0;
    }

    /** Box and Muller's transform with Java's exact mathematics. */
    @Override
    public double nextGaussian() {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
        return radius * StrictMath.cos(2 * Math.PI * nextDouble());
    }
}
