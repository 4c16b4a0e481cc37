package io.github.lightning4j.data.internal;

import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Consecutive pieces of an order of all samples. */
final class OrderedPlan implements BatchPlan {
    private final long @Nullable [] order;
    private final int samples;
    private final int batchSize;
    private final long batches;
    private long next;

    /** A null order is the dataset's own. */
    OrderedPlan(long @Nullable [] order, int samples, int batchSize, long batches, long skip) {
        this.order = order;
        this.samples = samples;
        this.batchSize = batchSize;
        this.batches = batches;
        next = skip;
    }

    @Override
    public boolean hasNext() {
        return next < batches;
    }

    @Override
    public Selection next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        int from = Math.toIntExact(next * batchSize);
        int to = (int) Math.min((long) from + batchSize, samples);
        long[] indices = order == null ? LongStream.range(from, to).toArray() : Arrays.copyOfRange(order, from, to);
        return new Selection(next++, new IndexList(indices), to, Math.min(samples, batches * batchSize));
    }
}
