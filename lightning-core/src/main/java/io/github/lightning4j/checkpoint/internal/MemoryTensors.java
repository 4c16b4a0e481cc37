package io.github.lightning4j.checkpoint.internal;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.internal.torch.TensorBytes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The tensors of a state that never went to a file. */
public final class MemoryTensors implements TensorSource {
    private final Map<String, NDArray> arrays;
    private final Map<String, TensorEntry> entries = new LinkedHashMap<>();

    public MemoryTensors(Map<String, NDArray> arrays) {
        this.arrays = arrays;
        arrays.forEach((name, array) -> {
            TensorType type = TensorType.of(name, array.getDataType());
            entries.put(name, new TensorEntry(name, type, array.getShape(), 0, array.size() * type.bytes()));
        });
    }

    @Override
    public String description() {
        return "the state in memory";
    }

    @Override
    public Map<String, TensorEntry> tensors() {
        return entries;
    }

    @Override
    public void copyTo(TensorEntry tensor, NDArray target) {
        TensorBytes.copy(Objects.requireNonNull(arrays.get(tensor.name())), target);
    }
}
