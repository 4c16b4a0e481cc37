package io.github.lightning4j.data.internal;

import io.github.lightning4j.DataException;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Seeds.Purpose;

/**
 * The dataset's order or a random one of each epoch's own, cut into batches of one size.
 *
 * @param loader what messages call the loader
 */
public record SampleOrder(String loader, int samples, int batchSize, boolean shuffle, boolean dropLast)
        implements BatchOrder {
    @Override
    public long batchCount() {
        long rounded = dropLast ? samples : (long) samples + batchSize - 1;
        return rounded / batchSize;
    }

    @Override
    public boolean shuffles() {
        return shuffle;
    }

    @Override
    public BatchPlan plan(Seeds seeds, long epoch, long skip) {
        checkSkip(skip);
        long[] order = shuffle ? Permutation.of(samples, seeds.of(Purpose.SHUFFLE, epoch, 0)) : null;
        return new OrderedPlan(order, samples, batchSize, batchCount(), skip);
    }

    void checkSkip(long skip) {
        if (skip > batchCount()) {
            throw new DataException(loader + " was asked to go on after batch " + skip + " of an epoch, but has "
                    + batchCount() + " batches; resume with the batch size and the dataset that the run began with");
        }
    }
}
