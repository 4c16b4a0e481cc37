package io.github.lightning4j;

import ai.djl.training.dataset.Batch;
import java.util.Iterator;

/** One pass over a {@link BatchSource}. The caller closes every batch it took, and the cursor. */
public interface BatchCursor extends Iterator<Batch>, AutoCloseable {
    /** Stops background work and frees what was loaded and not taken. */
    @Override
    void close();
}
