package io.github.lightning4j.callback;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.TensorBytes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Parameters as they were at the start of a fit. To be closed. */
final class FirstWeights implements AutoCloseable {
    private final NDManager manager = MemoryScope.outside(() -> NDManager.newBaseManager(Device.cpu(), "PyTorch"));
    private final Map<String, NDArray> live = new LinkedHashMap<>();
    private final Map<String, NDArray> first = new LinkedHashMap<>();

    /** Copies parameters as they are now. */
    FirstWeights(Iterable<Pair<String, Parameter>> parameters) {
        for (Pair<String, Parameter> pair : parameters) {
            NDArray array = pair.getValue().getArray();
            live.put(pair.getKey(), array);
            first.put(pair.getKey(), MemoryScope.outside(() -> copy(array)));
        }
    }

    private NDArray copy(NDArray array) {
        NDArray copy = array.duplicate();
        copy.attach(manager);
        return copy;
    }

    /** Puts the parameters back. */
    void restore() {
        first.forEach((name, copy) -> TensorBytes.copy(copy, Objects.requireNonNull(live.get(name))));
    }

    void save(StateWriter state) {
        state.putStrings("names", List.copyOf(first.keySet()));
        StateWriter tensors = state.child("tensors");
        first.forEach(tensors::putTensor);
    }

    void load(StateReader state) {
        StateReader tensors = state.child("tensors");
        first.forEach((name, copy) -> tensors.readTensor(name, copy));
    }

    static List<String> names(StateReader state) {
        return state.getStrings("names");
    }

    @Override
    public void close() {
        manager.close();
    }
}
