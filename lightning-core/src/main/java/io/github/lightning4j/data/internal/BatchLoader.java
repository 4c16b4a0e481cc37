package io.github.lightning4j.data.internal;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.internal.torch.GradMode;

/** Loads batches for one cursor, each on a manager of its own. */
public final class BatchLoader implements AutoCloseable {
    private final NDManager parent;
    private final BatchReader reader;

    public BatchLoader(NDManager parent, BatchReader reader) {
        this.parent = parent;
        this.reader = reader;
    }

    /** Loads a batch without recording a graph; leaves nothing behind if it fails. */
    Batch load(Selection selection) {
        NDManager manager = parent.newSubManager();
        boolean loaded = false;
        try (GradMode off = GradMode.off()) {
            Batch batch = reader.read(manager, selection);
            loaded = true;
            return batch;
        } finally {
            if (!loaded) {
                manager.close();
            }
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
