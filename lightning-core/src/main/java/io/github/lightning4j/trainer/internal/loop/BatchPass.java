package io.github.lightning4j.trainer.internal.loop;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.CombinedBatch;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Require;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.profiler.Section;
import io.github.lightning4j.trainer.internal.run.Phases;
import org.jspecify.annotations.Nullable;

/** One limited pass over a source, knowing its position and whether the batch in hand is the last. */
final class BatchPass implements AutoCloseable {
    private final BatchCursor cursor;
    private final NDManager manager;
    private final long limit;
    private final Phases phases;
    private long taken;
    private long waitedNanos;

    /** Starts a pass. */
    BatchPass(BatchSource source, Phases phases, NDManager parent, Seeds seeds, long epoch, long limit, long skip) {
        this.manager = parent.newSubManager();
        this.phases = phases;
        this.limit = limit;
        this.taken = skip;
        this.cursor = Require.given(
                source.open(manager, seeds, epoch, skip),
                "what open of " + ClassName.of(source) + " returned",
                "return a cursor");
    }

    boolean hasNext() {
        long since = waitBegins();
        try {
            return taken != limit && cursor.hasNext();
        } catch (RuntimeException e) {
            throw PassInterrupted.orItself(e);
        } finally {
            waitEnds(since);
        }
    }

    private long waitBegins() {
        phases.begin(Section.DATA_WAIT);
        return System.nanoTime();
    }

    private void waitEnds(long since) {
        waitedNanos += System.nanoTime() - since;
        phases.end(Section.DATA_WAIT);
    }

    /** How long the source was waited for. */
    long waitedNanos() {
        return waitedNanos;
    }

    /** The next batch, on the run's device. */
    Batch next() {
        @Nullable Batch batch = read();
        if (batch == null) {
            throw new DataException(
                    "The source gave null in place of batch " + taken + ". End an epoch by hasNext() of its iterator.");
        }
        if (batch.getManager() == null) {
            throw new DataException("The source gave a batch that was used and closed before. An Iterable must give its"
                    + " batches anew each time; put data that fits into memory into a TensorDataset and a DataLoader.");
        }
        taken++;
        return onDevice(batch);
    }

    private @Nullable Batch read() {
        long since = waitBegins();
        try {
            return cursor.next();
        } catch (RuntimeException e) {
            throw PassInterrupted.orItself(e);
        } finally {
            waitEnds(since);
        }
    }

    private Batch onDevice(Batch batch) {
        Device device = manager.getDevice();
        if (isOn(device, batch.getData()) && isOn(device, batch.getLabels())) {
            return batch;
        }
        phases.begin(Section.TRANSFER);
        try {
            return CombinedBatch.copyTo(batch, manager);
        } finally {
            phases.end(Section.TRANSFER);
        }
    }

    private static boolean isOn(Device device, NDList arrays) {
        for (NDArray array : arrays) {
            if (!array.getDevice().equals(device)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        cursor.close();
        manager.close();
    }
}
