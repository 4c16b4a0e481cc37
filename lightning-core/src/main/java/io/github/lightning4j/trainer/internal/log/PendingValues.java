package io.github.lightning4j.trainer.internal.log;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * Logged scalars left on a device that computes by itself: reading one would wait for everything queued before it, so
 * they are read together, when somebody asks or the list is full.
 */
final class PendingValues {
    private static final int CAPACITY = 256;

    private final List<NDArray> scalars = new ArrayList<>();
    private final List<Integer> weights = new ArrayList<>();

    /** Receives one value that was read. */
    interface Receiver {
        void accept(double value, int weight);
    }

    void add(NDArray scalar, int weight, boolean keepEarlier) {
        if (!keepEarlier) {
            close();
        }
        NDArray copy = scalar.duplicate();
        copy.detach();
        scalars.add(MemoryScope.release(copy));
        weights.add(weight);
    }

    boolean isFull() {
        return scalars.size() >= CAPACITY;
    }

    void drain(Receiver receiver) {
        for (int i = 0; i < scalars.size(); i++) {
            receiver.accept(Tensors.toDouble(scalars.get(i)), weights.get(i));
        }
        close();
    }

    private void close() {
        scalars.forEach(NDArray::close);
        scalars.clear();
        weights.clear();
    }
}
