package io.github.lightning4j.data.internal;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.CombinedBatch;
import io.github.lightning4j.Seeds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** A pass over several sources at once. */
public final class CombinedCursor implements BatchCursor {
    private final List<CyclingCursor> cursors = new ArrayList<>();
    private final CombinedLength length;
    private final NDManager manager;
    private final long total;
    private long taken;

    public CombinedCursor(
            Map<String, BatchSource> sources,
            CombinedLength length,
            NDManager manager,
            Seeds seeds,
            long epoch,
            long skip) {
        this.length = length;
        this.manager = manager;
        this.total = length.of(sources.values());
        this.taken = skip;
        try {
            enter(sources, seeds, epoch, skip);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void enter(Map<String, BatchSource> sources, Seeds seeds, long epoch, long skip) {
        long left = skip;
        for (Map.Entry<String, BatchSource> source : sources.entrySet()) {
            CyclingCursor cursor =
                    new CyclingCursor(source.getKey(), source.getValue(), cursors.size(), manager, seeds, epoch);
            cursors.add(cursor);
            long skipped = cursor.skip(left, length == CombinedLength.LONGEST_WITH_CYCLES);
            left = length == CombinedLength.SUM ? left - skipped : skip;
        }
    }

    @Override
    public boolean hasNext() {
        boolean all = length == CombinedLength.SHORTEST;
        for (CyclingCursor cursor : cursors) {
            if (goesOn(cursor) != all) {
                return !all;
            }
        }
        return all;
    }

    private boolean goesOn(CyclingCursor cursor) {
        return length == CombinedLength.LONGEST_WITH_CYCLES ? cursor.isInFirstCycle() : cursor.hasNext();
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Map<String, Batch> batches = new LinkedHashMap<>();
        try {
            take(batches);
        } catch (RuntimeException | Error e) {
            batches.values().forEach(Batch::close);
            throw e;
        }
        return new CombinedBatch(manager.newSubManager(), batches, taken++, total);
    }

    private void take(Map<String, Batch> batches) {
        for (CyclingCursor cursor : cursors) {
            if (length == CombinedLength.LONGEST_WITH_CYCLES) {
                cursor.beginAgainIfExhausted();
            }
            if (cursor.hasNext()) {
                batches.put(cursor.name(), cursor.next());
                if (length == CombinedLength.SUM) {
                    return;
                }
            }
        }
    }

    @Override
    public void close() {
        cursors.forEach(CyclingCursor::close);
    }
}
