package io.github.lightning4j.checkpoint.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.TensorBytes;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Weights that can be restored, under the names they go by here.
 *
 * @param description what to call them in messages
 * @param reader overwrites an array, which has a tensor's stored shape and dtype, in place
 */
public record SavedWeights(
        String description, Map<String, SavedTensor> tensors, BiConsumer<TensorEntry, NDArray> reader) {
    /** Overwrites an array, which has the tensor's shape and dtype, in place. */
    public void copyTo(SavedTensor tensor, NDArray target) {
        if (!tensor.transposed()) {
            reader.accept(tensor.stored(), target);
            return;
        }
        try (MemoryScope scope = MemoryScope.open();
                NDManager manager = target.getManager().newSubManager()) {
            NDArray stored = manager.zeros(tensor.stored().shape(), target.getDataType());
            reader.accept(tensor.stored(), stored);
            TensorBytes.copy(stored.transpose(), target);
        }
    }
}
