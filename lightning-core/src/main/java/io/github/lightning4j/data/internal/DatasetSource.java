package io.github.lightning4j.data.internal;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.TranslateException;
import ai.djl.util.RandomUtils;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.internal.torch.BatchHandover;
import java.io.IOException;
import java.util.Iterator;

/** A DJL dataset read as DJL reads it. */
public record DatasetSource(Dataset dataset) implements BatchSource {
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

    /** Moves each batch to a manager of its own: DJL's iterable closes its manager when asked for more after the last. */
    private record Adopted(Iterator<Batch> batches, NDManager manager) implements Iterator<Batch> {
        @Override
        public boolean hasNext() {
            return batches.hasNext();
        }

        @Override
        public Batch next() {
            return BatchHandover.move(batches.next(), manager.newSubManager());
        }
    }
}
