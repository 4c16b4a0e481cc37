package io.github.lightning4j.internal.loop;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.TranslateException;
import ai.djl.util.RandomUtils;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Seeds;
import java.io.IOException;
import java.util.Iterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a {@link BatchSource} of whatever batches the user has. */
public final class Sources {
    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);

    private Sources() {}

    /**
     * Adapts an iterable. One that is no {@link BatchSource} cannot be positioned: it is fast-forwarded.
     *
     * @param batches the batches
     * @return the source
     */
    public static BatchSource of(Iterable<Batch> batches) {
        return batches instanceof BatchSource source ? source : new IterableSource(batches);
    }

    /**
     * Adapts a DJL dataset, with its own sampler; DJL's generators are seeded from (seed, epoch) before each pass.
     *
     * @param dataset the dataset
     * @return the source
     */
    public static BatchSource of(Dataset dataset) {
        return new DatasetSource(dataset);
    }

    /** Batches of which nothing is known but how to get the next one. */
    private record IterableSource(Iterable<Batch> batches) implements BatchSource {
        @Override
        public long batchCount() {
            return -1;
        }

        @Override
        public BatchCursor open(NDManager manager, Seeds seeds, long epoch, long skip) {
            return new IteratorCursor(batches.iterator(), skip, batches.getClass().getName());
        }

        @Override
        public Iterator<Batch> iterator() {
            return batches.iterator();
        }
    }

    /** A DJL dataset read as DJL reads it. */
    private record DatasetSource(Dataset dataset) implements BatchSource {
        @Override
        public long batchCount() {
            return -1;
        }

        @Override
        public BatchCursor open(NDManager manager, Seeds seeds, long epoch, long skip) {
            RandomUtils.RANDOM.setSeed(seeds.of(Seeds.Purpose.DATASET, epoch, 0));
            try {
                dataset.prepare();
                Iterator<Batch> batches = dataset.getData(manager).iterator();
                return new IteratorCursor(new Adopted(batches, manager), skip, dataset.getClass().getName());
            } catch (IOException | TranslateException e) {
                throw new DataException(dataset.getClass().getName() + " could not be read: " + e.getMessage(), e);
            }
        }
    }

    /** Moves each batch to a manager of its own: DJL's iterable closes its manager when asked for more after the last. */
    private record Adopted(Iterator<Batch> batches, NDManager manager) implements Iterator<Batch> {
        @Override
        public boolean hasNext() {
            return batches.hasNext();
        }

        @Override
        public Batch next() {
            try (Batch given = batches.next()) {
                return new Batch(
                        manager.newSubManager(),
                        given.getData(),
                        given.getLabels(),
                        given.getSize(),
                        null,
                        null,
                        given.getProgress(),
                        given.getProgressTotal(),
                        given.getIndices());
            }
        }
    }

    /** A cursor over an iterator, fast-forwarded by taking and closing batches. */
    private static final class IteratorCursor implements BatchCursor {
        private final Iterator<Batch> batches;

        IteratorCursor(Iterator<Batch> batches, long skip, String name) {
            this.batches = batches;
            if (skip > 0) {
                LOG.info("{} cannot be positioned: {} batches are read and dropped to get to where the run stood", name, skip);
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
}
