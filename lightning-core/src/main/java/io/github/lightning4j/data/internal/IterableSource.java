package io.github.lightning4j.data.internal;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.Require;
import io.github.lightning4j.Seeds;
import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Batches of which nothing is known but how to get the next one. They may come only once, so a pass that was begun for a
 * look at the first batch is the one that the next cursor goes on with.
 */
public final class IterableSource implements BatchSource {
    private final Iterable<Batch> batches;
    private @Nullable Replay peeked;

    public IterableSource(Iterable<Batch> batches) {
        this.batches = batches;
    }

    @Override
    public Optional<Shape[]> peek(NDManager parent, Seeds seeds) {
        if (peeked == null) {
            peeked = new Replay(begin());
        }
        return peeked.first().map(batch -> batch.getData().getShapes());
    }

    private Iterator<Batch> begin() {
        return Require.given(
                batches.iterator(),
                "what iterator() of " + batches.getClass().getName() + " returned",
                "an empty iterator stands for no batches");
    }

    @Override
    public void forget() {
        if (peeked != null) {
            peeked.first().ifPresent(Batch::close);
            peeked = null;
        }
    }

    @Override
    public long batchCount() {
        return batches instanceof Collection<?> sized ? sized.size() : -1;
    }

    @Override
    public BatchCursor open(NDManager manager, Seeds seeds, long epoch, long skip) {
        Iterator<Batch> iterator = peeked != null ? peeked : begin();
        peeked = null;
        return new IteratorCursor(iterator, skip, batches.getClass().getName());
    }

    @Override
    public Iterator<Batch> iterator() {
        return begin();
    }

    /** An iterator whose first batch was taken already. */
    private static final class Replay implements Iterator<Batch> {
        private final Iterator<Batch> rest;
        private @Nullable Batch first;

        Replay(Iterator<Batch> batches) {
            first = batches.hasNext()
                    ? Require.given(batches.next(), "the first batch of the source", "end an epoch by hasNext()")
                    : null;
            rest = batches;
        }

        Optional<Batch> first() {
            return Optional.ofNullable(first);
        }

        @Override
        public boolean hasNext() {
            return first != null || rest.hasNext();
        }

        @Override
        public Batch next() {
            Batch next = first != null ? first : rest.next();
            first = null;
            return next;
        }
    }
}
