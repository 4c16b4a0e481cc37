package io.github.lightning4j.data.internal;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.DataException;
import java.util.Iterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cursor over an iterator, fast-forwarded by taking and closing batches. */
final class IteratorCursor implements BatchCursor {
    private static final Logger LOG = LoggerFactory.getLogger(IteratorCursor.class);

    private final Iterator<Batch> batches;

    /** The name is for messages. */
    IteratorCursor(Iterator<Batch> batches, long skip, String name) {
        this.batches = batches;
        if (skip > 0) {
            LOG.info(
                    "{} cannot be positioned: {} batches are read and dropped to get to where the run stood",
                    name,
                    skip);
        }
        for (long i = 0; i < skip; i++) {
            if (!batches.hasNext()) {
                throw new DataException(name + " gave " + i + " batches, but the run to be resumed had done " + skip
                        + ". Resume with the data it was started with.");
            }
            batches.next().close();
        }
    }

    @Override
    public boolean hasNext() {
        return batches.hasNext();
    }

    @Override
    public Batch next() {
        return batches.next();
    }

    @Override
    public void close() {
        if (batches instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new DataException("The source of batches could not be closed: " + e.getMessage(), e);
            }
        }
    }
}
