package io.github.lightning4j.data.internal;

import io.github.lightning4j.Seeds;
import io.github.lightning4j.Seeds.Purpose;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntUnaryOperator;

/**
 * A random order of each epoch's own in which the samples of a batch are of similar length: pools of so many batches are
 * sorted, and the batches shuffled. The batch that is smaller comes last.
 */
public record LengthOrder(SampleOrder plain, IntUnaryOperator length) implements BatchOrder {
    /** Batches whose samples are sorted at once: enough to leave little padding, few enough to mix well. */
    private static final int POOL = 50;

    @Override
    public long batchCount() {
        return plain.batchCount();
    }

    @Override
    public boolean shuffles() {
        return true;
    }

    @Override
    public BatchPlan plan(Seeds seeds, long epoch, long skip) {
        plain.checkSkip(skip);
        int size = plain.batchSize();
        long[] order = pools(Permutation.of(plain.samples(), seeds.of(Purpose.SHUFFLE, epoch, 0)), size);
        long[] batches = Permutation.of(order.length / size, seeds.of(Purpose.SHUFFLE, epoch, 1));
        long[] mixed = order.clone();
        for (int i = 0; i < batches.length; i++) {
            System.arraycopy(order, (int) batches[i] * size, mixed, i * size, size);
        }
        return new OrderedPlan(mixed, plain.samples(), size, batchCount(), skip);
    }

    private long[] pools(long[] order, int batchSize) {
        Comparator<Long> byLength = Comparator.comparingInt(index -> length.applyAsInt(Math.toIntExact(index)));
        int pool = Math.multiplyExact(POOL, batchSize);
        long[] sorted = new long[order.length];
        for (int from = 0; from < order.length; from += pool) {
            int to = Math.min(order.length, from + pool);
            Long[] some = Arrays.stream(order, from, to).boxed().toArray(Long[]::new);
            Arrays.sort(some, byLength);
            for (int i = 0; i < some.length; i++) {
                sorted[from + i] = some[i];
            }
        }
        return sorted;
    }
}
