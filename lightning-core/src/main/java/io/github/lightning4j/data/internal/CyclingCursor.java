package io.github.lightning4j.data.internal;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Seeds;
import org.jspecify.annotations.Nullable;

/** A pass over one of several sources, which can begin again with another order; opened when it is first asked. */
final class CyclingCursor implements BatchCursor {
    private final String name;
    private final BatchSource source;
    private final int index;
    private final NDManager manager;
    private final Seeds seeds;
    private final long epoch;
    private @Nullable BatchCursor cursor;
    private long cycle;
    /** Where the cursor is entered. */
    private long entry;

    private boolean gaveAny;

    CyclingCursor(String name, BatchSource source, int index, NDManager manager, Seeds seeds, long epoch) {
        this.name = name;
        this.source = source;
        this.index = index;
        this.manager = manager;
        this.seeds = seeds;
        this.epoch = epoch;
    }

    String name() {
        return name;
    }

    /**
     * Leaves batches out; returns how many there were.
     *
     * @param cycles whether it begins again where it ends
     */
    long skip(long count, boolean cycles) {
        long length = source.batchCount();
        gaveAny = count > 0;
        if (length < 0) {
            return skipByTaking(count, cycles);
        }
        if (!cycles || length == 0) {
            entry = Math.min(count, length);
            return entry;
        }
        // Exactly at an end it still stands there, as after its last batch.
        cycle = count == 0 ? 0 : (count - 1) / length;
        entry = count - cycle * length;
        return count;
    }

    private long skipByTaking(long count, boolean cycles) {
        for (long i = 0; i < count; i++) {
            if (cycles) {
                beginAgainIfExhausted();
            }
            if (!hasNext()) {
                return i;
            }
            next().close();
        }
        return count;
    }

    /** Whether the source has not yet been read to its end. */
    boolean isInFirstCycle() {
        return cycle == 0 && hasNext();
    }

    void beginAgainIfExhausted() {
        if (hasNext()) {
            return;
        }
        if (!gaveAny) {
            throw new DataException(
                    "Loader '" + name + "' gave no batch, so it cannot be begun again. Check the dataset,"
                            + " the batch size and dropLast.");
        }
        close();
        cycle++;
        entry = 0;
    }

    @Override
    public boolean hasNext() {
        return open().hasNext();
    }

    @Override
    public Batch next() {
        gaveAny = true;
        return open().next();
    }

    private BatchCursor open() {
        if (cursor == null) {
            cursor = source.open(manager, ownSeeds(), epoch, entry);
        }
        return cursor;
    }

    /** Those of the run for the first source, which thus gives what it would give alone. */
    private Seeds ownSeeds() {
        return index == 0 && cycle == 0 ? seeds : new Seeds(seeds.of(Seeds.Purpose.COMBINED, index, cycle));
    }

    @Override
    public void close() {
        if (cursor != null) {
            cursor.close();
            cursor = null;
        }
    }
}
