package io.github.lightning4j;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import java.util.Iterator;
import java.util.Optional;

/**
 * Batches whose order is a function of (seed, epoch) and that can be entered at any position. The {@code DataLoader} of
 * Lightning4j is one; implement it for data of your own that shall resume exactly and cheaply.
 */
public interface BatchSource extends Iterable<Batch> {
    /**
     * The number of batches an epoch has.
     *
     * @return the count, or -1 if it is not known
     */
    long batchCount();

    /**
     * Whether each epoch has an order of its own. The Trainer warns of an order that does not fit what the batches are for.
     *
     * @return whether it does; empty if that is not known
     */
    default Optional<Boolean> shuffles() {
        return Optional.empty();
    }

    /**
     * Starts one epoch's pass.
     *
     * @param manager the parent of every batch's manager; batches are made on its device
     * @param seeds the run's seeds; equal seeds and epoch give equal batches
     * @param epoch the epoch, from 0
     * @param skip the number of leading batches to leave out, without loading them
     * @return the cursor, to be closed by the caller
     */
    BatchCursor open(NDManager manager, Seeds seeds, long epoch, long skip);

    /**
     * The shapes of the first batch's data, from which a module's input shapes are known before the first step. Nothing is
     * lost by looking: the next cursor begins with that batch. A source that cannot be opened again keeps the batch for it
     * and overrides this and {@link #forget}.
     *
     * @param parent owns the batch while it is looked at; the batch is made on its device
     * @param seeds the run's seeds
     * @return the shapes, batch dimension included; empty if there is no batch
     */
    default Optional<Shape[]> peek(NDManager parent, Seeds seeds) {
        try (NDManager manager = parent.newSubManager();
                BatchCursor cursor = open(manager, seeds, 0, 0)) {
            if (!cursor.hasNext()) {
                return Optional.empty();
            }
            try (Batch batch = cursor.next()) {
                return Optional.of(batch.getData().getShapes());
            }
        }
    }

    /** Frees a batch that was looked at by {@link #peek} and taken by no cursor. A run calls it at its end, however it ends. */
    default void forget() {}

    /**
     * A plain pass for use outside a Trainer: seed 0, epoch 0. Close each batch.
     *
     * @return the batches
     */
    @Override
    default Iterator<Batch> iterator() {
        NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        BatchCursor cursor = open(manager, new Seeds(0), 0, 0);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                boolean more = cursor.hasNext();
                if (!more) {
                    cursor.close();
                    manager.close();
                }
                return more;
            }

            /** The batch is given a manager of its own, as whoever looks ahead closes the one of all while using it. */
            @Override
            public Batch next() {
                return CombinedBatch.free(cursor.next(), manager);
            }
        };
    }
}
