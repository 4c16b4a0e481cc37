package io.github.lightning4j.checkpoint;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.checkpoint.internal.Snapshot;
import io.github.lightning4j.internal.io.AtomicFile;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Writes snapshots on one thread, at most one at a time. To be called from one thread. */
final class BackgroundCheckpointWriter implements CheckpointWriter {
    private final AtomicFile.Opener opener;
    private final ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "lightning4j-checkpoint");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable CompletableFuture<Void> pending;
    /** Nobody else reads or changes it while {@link #pending} is null. */
    private @Nullable Snapshot snapshot;

    BackgroundCheckpointWriter(AtomicFile.Opener opener) {
        this.opener = opener;
    }

    @Override
    public void write(Path file, StateTreeWriter state) {
        await();
        state.requireRoot();
        if (snapshot == null) {
            snapshot = new Snapshot(state.values(), state.tensors());
        } else {
            snapshot.update(state.values(), state.tensors());
        }
        Snapshot copy = snapshot;
        pending = CompletableFuture.runAsync(() -> copy.writeTo(file, opener), executor);
    }

    @Override
    public void check() {
        if (pending != null && pending.isDone()) {
            await();
        }
    }

    @Override
    public void await() {
        CompletableFuture<Void> write = pending;
        pending = null;
        if (write == null) {
            return;
        }
        try {
            write.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CheckpointException(
                    "A checkpoint could not be written in the background. " + cause.getMessage(), cause);
        }
    }

    @Override
    public void close() {
        try {
            await();
        } finally {
            executor.shutdown();
            if (snapshot != null) {
                snapshot.close();
                snapshot = null;
            }
        }
    }
}
