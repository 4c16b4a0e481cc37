package io.github.lightning4j.data.internal;

import io.github.lightning4j.internal.random.SplitMix64;
import java.util.stream.IntStream;

/** Orders of samples. */
public final class Permutation {
    private Permutation() {}

    /** The numbers from 0 to size - 1 in an order drawn uniformly from all orders, by Fisher and Yates' shuffle. */
    public static long[] of(int size, long seed) {
        long[] order = IntStream.range(0, size).asLongStream().toArray();
        SplitMix64 random = new SplitMix64(seed);
        for (int i = size - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            long swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }
}
