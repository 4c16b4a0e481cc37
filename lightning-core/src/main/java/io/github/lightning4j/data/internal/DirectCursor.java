package io.github.lightning4j.data.internal;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.internal.torch.MemoryScope;
import java.util.NoSuchElementException;

/** Loads each batch when it is asked for, on the thread that asks. */
public final class DirectCursor implements BatchCursor {
    private final BatchPlan plan;
    private final BatchLoader loading;
    private boolean closed;

    public DirectCursor(BatchPlan plan, BatchLoader loading) {
        this.plan = plan;
        this.loading = loading;
    }

    @Override
    public boolean hasNext() {
        return !closed && plan.hasNext();
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return MemoryScope.outside(() -> loading.load(plan.next()));
    }

    @Override
    public void close() {
        closed = true;
        loading.close();
    }
}
