package io.github.lightning4j.data.internal;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.DataException;
import java.util.ArrayDeque;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads batches ahead on background threads and hands them out in their order. A future belongs to whoever completes it
 * first, the worker with a batch or {@link #close} by cancelling, so every batch is either handed out or freed.
 */
public final class PrefetchCursor implements BatchCursor {
    private static final Logger LOG = LoggerFactory.getLogger(PrefetchCursor.class);
    private static final long GRACE_SECONDS = 10;

    private final BatchPlan plan;
    private final BatchLoader loading;
    private final String name;
    private final ExecutorService workers;
    private final Queue<CompletableFuture<Batch>> ahead = new ArrayDeque<>();
    private boolean planFailed;

    public PrefetchCursor(BatchPlan plan, BatchLoader loading, String name, int workers, int prefetch) {
        this.plan = plan;
        this.loading = loading;
        this.name = name;
        this.workers = workers(name, workers);
        for (int i = 0; i < prefetch; i++) {
            loadOneMore();
        }
    }

    private static ExecutorService workers(String name, int count) {
        AtomicInteger made = new AtomicInteger();
        return Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(task, "lightning-data-" + name + "-" + made.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public boolean hasNext() {
        return !ahead.isEmpty();
    }

    @Override
    public Batch next() {
        CompletableFuture<Batch> batch = ahead.poll();
        if (batch == null) {
            throw new NoSuchElementException();
        }
        loadOneMore();
        try {
            return batch.get();
        } catch (InterruptedException e) {
            discard(batch);
            Thread.currentThread().interrupt();
            throw new DataException("Interrupted while waiting for a batch of data loader \"" + name + "\"", e);
        } catch (ExecutionException e) {
            throw unwrap(Objects.requireNonNull(e.getCause()));
        }
    }

    private void loadOneMore() {
        CompletableFuture<Batch> batch = new CompletableFuture<>();
        try {
            if (planFailed || !plan.hasNext()) {
                workers.shutdown();
                return;
            }
            Selection selection = plan.next();
            workers.execute(() -> load(selection, batch));
        } catch (RuntimeException e) {
            planFailed = true;
            batch.completeExceptionally(e);
        }
        ahead.add(batch);
    }

    private void load(Selection selection, CompletableFuture<Batch> batch) {
        try {
            Batch loaded = loading.load(selection);
            if (!batch.complete(loaded)) {
                loaded.close();
            }
        } catch (Throwable e) {
            batch.completeExceptionally(e);
        }
    }

    private static RuntimeException unwrap(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return (RuntimeException) failure;
    }

    private static void discard(CompletableFuture<Batch> batch) {
        if (!batch.cancel(false) && !batch.isCompletedExceptionally()) {
            batch.join().close();
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
        ahead.forEach(PrefetchCursor::discard);
        ahead.clear();
        try {
            if (!workers.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("Data loader \"{}\" is still loading a sample {} s after it was closed", name, GRACE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loading.close();
    }
}
