package io.github.lightning4j.logger.tensorboard;

import io.github.lightning4j.LightningException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Does one thing after the other on a thread of its own. So many may wait; who brings one more waits too, so that memory is
 * bounded and nothing is lost. The first failure ends it: whoever comes next is told.
 */
final class BackgroundWriter implements AutoCloseable {
    private static final int MOST_WAITING = 1024;

    private final BlockingQueue<Task> tasks = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread thread;
    private volatile @Nullable Exception failure;

    interface Action {
        void run() throws Exception;
    }

    private record Task(@Nullable Action action, CompletableFuture<Void> done) {}

    BackgroundWriter(String name) {
        thread = new Thread(this::work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void work() {
        while (true) {
            try {
                Task task = tasks.take();
                if (task.action == null) {
                    task.done.complete(null);
                    return;
                }
                carryOut(task.action);
                task.done.complete(null);
            } catch (InterruptedException e) {
                failure = e;
            }
        }
    }

    private void carryOut(Action action) {
        if (failure != null) {
            return;
        }
        try {
            action.run();
        } catch (Exception e) {
            failure = e;
        } catch (Error e) {
            failure = new LightningException("The writer's thread has failed: " + e, e);
        }
    }

    /** Hands over something to be done, in order. */
    void submit(Action action) throws Exception {
        throwFailure();
        put(new Task(action, new CompletableFuture<>()));
    }

    /** Does something after all before it, and waits for that. */
    void await(Action action) throws Exception {
        throwFailure();
        Task task = new Task(action, new CompletableFuture<>());
        put(task);
        task.done.join();
        throwFailure();
    }

    private void throwFailure() throws Exception {
        if (failure != null) {
            throw failure;
        }
    }

    /** An interrupt of the loop's thread is the loop's business, which finishes what it is at. */
    private void put(Task task) {
        boolean interrupted = false;
        while (true) {
            try {
                tasks.put(task);
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for all that was handed over. */
    @Override
    public void close() {
        Task last = new Task(null, new CompletableFuture<>());
        put(last);
        last.done.join();
    }
}
