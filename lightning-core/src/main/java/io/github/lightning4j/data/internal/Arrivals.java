package io.github.lightning4j.data.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.lightning4j.DataException;
import io.github.lightning4j.internal.torch.MemoryScope;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives a batch what a dataset and its transforms hand over: arrays that were made while this is open change their owner,
 * whichever manager they hang on; tensors that the dataset keeps are copied. Open it on the thread that loads.
 */
final class Arrivals implements AutoCloseable {
    private final MemoryScope made = MemoryScope.open();

    /** The same values in a list of its own, all on the owner; the source is for messages. */
    NDList adopt(NDManager owner, @Nullable NDList list, String source) {
        if (list == null) {
            throw new DataException(source + " returned null for a list of arrays; an empty NDList stands for none");
        }
        NDList adopted = new NDList(list.size());
        for (NDArray array : list) {
            adopted.add(adopt(owner, array, source));
        }
        return adopted;
    }

    private NDArray adopt(NDManager owner, @Nullable NDArray array, String source) {
        if (array == null) {
            throw new DataException(source + " returned null in place of an array");
        }
        if (array.isReleased()) {
            throw new DataException(source
                    + " returned an array that is closed. What is made while a sample is loaded belongs to its batch and is"
                    + " freed with it: to keep an array for later, return a copy of it, array.duplicate()");
        }
        if (isOurs(owner, array)) {
            MemoryScope.release(array).attach(owner);
            return array;
        }
        NDArray copy = array.duplicate();
        copy.setName(array.getName());
        MemoryScope.release(copy).attach(owner);
        return copy;
    }

    private boolean isOurs(NDManager owner, NDArray array) {
        return array.getManager() == owner
                || made.owns(array)
                || MemoryScope.isBelow(Set.of(owner), array.getManager());
    }

    /** Frees nothing: what was made and not handed over stays with its manager, in a cache for instance. */
    @Override
    public void close() {
        made.disown();
        made.close();
    }
}
