package io.github.lightning4j.trainer.internal.loop;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import ai.djl.translate.TranslateException;
import ai.djl.util.RandomUtils;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.internal.torch.DatasetFields;
import java.io.IOException;
import java.util.Collection;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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
     * Adapts a DJL dataset, with its own sampler. One of records is read by a {@link DataLoader}, which reads the parts of
     * {@code randomSplit} as they were split, unlike DJL; DJL's generators are seeded from (seed, epoch) before each pass.
     *
     * @param dataset the dataset
     * @return the source
     */
    public static BatchSource of(Dataset dataset) {
        if (dataset instanceof RandomAccessDataset records) {
            Sampler sampler = DatasetFields.sampler(records);
            if (sampler == null) {
                throw new ConfigurationException(
                        dataset.getClass().getName() + " was built without a sampler, so it has no"
                                + " batch size. Use setSampling(batchSize, random), or give it to a DataLoader.");
            }
            return DataLoader.builder(records).sampler(sampler).build();
        }
        return new DatasetSource(dataset);
    }

    /**
     * The shapes of a first batch's data. Nothing is lost by looking: a source that cannot be opened again replays it.
     *
     * @param source the source
     * @param parent owns the batch while it is looked at
     * @param seeds the run's seeds
     * @return the shapes
     */
    static Shape[] peek(BatchSource source, NDManager parent, Seeds seeds) {
        if (source instanceof IterableSource iterable) {
            return iterable.peek().getData().getShapes();
        }
        try (NDManager manager = parent.newSubManager();
                BatchCursor cursor = source.open(manager, seeds, 0, 0)) {
            if (!cursor.hasNext()) {
                throw noBatch();
            }
            try (Batch batch = cursor.next()) {
                return batch.getData().getShapes();
            }
        }
    }

    /**
     * Frees a batch that was looked at and never taken.
     *
     * @param source the source
     */
    static void forgetPeeked(BatchSource source) {
        if (source instanceof IterableSource iterable) {
            iterable.forget();
        }
    }

    private static DataException noBatch() {
        return new DataException("The data gave no batch, so the module's input shapes are unknown."
                + " Check the dataset, the batch size and dropLast.");
    }

    /** Batches of which nothing is known but how to get the next one. */
    private static final class IterableSource implements BatchSource {
        private final Iterable<Batch> batches;
        private @Nullable Replay peeked;

        IterableSource(Iterable<Batch> batches) {
            this.batches = batches;
        }

        Batch peek() {
            if (peeked == null) {
                Iterator<Batch> iterator = batches.iterator();
                if (!iterator.hasNext()) {
                    throw noBatch();
                }
                peeked = new Replay(iterator.next(), iterator);
            }
            return Objects.requireNonNull(peeked.first);
        }

        void forget() {
            if (peeked != null && peeked.first != null) {
                peeked.first.close();
            }
            peeked = null;
        }

        @Override
        public long batchCount() {
            return batches instanceof Collection<?> sized ? sized.size() : -1;
        }

        @Override
        public BatchCursor open(NDManager manager, Seeds seeds, long epoch, long skip) {
            Iterator<Batch> iterator = peeked != null ? peeked : batches.iterator();
            peeked = null;
            return new IteratorCursor(iterator, skip, batches.getClass().getName());
        }

        @Override
        public Iterator<Batch> iterator() {
            return batches.iterator();
        }
    }

    /** An iterator whose first batch was taken already. */
    private static final class Replay implements Iterator<Batch> {
        private final Iterator<Batch> rest;
        private @Nullable Batch first;

        Replay(Batch first, Iterator<Batch> rest) {
            this.first = first;
            this.rest = rest;
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
                return new IteratorCursor(
                        new Adopted(batches, manager), skip, dataset.getClass().getName());
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
}
