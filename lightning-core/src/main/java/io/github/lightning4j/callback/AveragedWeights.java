package io.github.lightning4j.callback;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.ParameterNames;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.TensorList;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A second set of a module's weights and buffers, which can change places with the module's own. To be closed. */
final class AveragedWeights implements AutoCloseable {
    private final NDManager manager;
    private final Map<String, NDArray> live = new LinkedHashMap<>();
    private final Map<String, NDArray> second = new LinkedHashMap<>();
    private final List<Bucket> averaged = new ArrayList<>();
    private final List<Bucket> copied = new ArrayList<>();

    /** Tensors that one native call can treat. */
    private record Bucket(TensorList live, TensorList second) {}

    private record Kind(boolean averaged, DataType type, Device device) {}

    /**
     * Makes a copy of what the module has.
     *
     * @param averagesBuffers whether buffers are averaged too, and not taken over as they are
     */
    AveragedWeights(LightningModule module, boolean averagesBuffers) {
        manager = MemoryScope.outside(() -> NDManager.newBaseManager(Device.cpu(), "PyTorch"));
        Map<Parameter, Boolean> buffers = new IdentityHashMap<>();
        module.buffers().forEach(pair -> buffers.put(pair.getValue(), true));
        Map<Kind, List<String>> kinds = new LinkedHashMap<>();
        for (Pair<String, Parameter> pair : ParameterNames.of(module)) {
            NDArray array = pair.getValue().getArray();
            live.put(pair.getKey(), array);
            second.put(pair.getKey(), copy(array));
            boolean average =
                    array.getDataType().isFloating() && (averagesBuffers || !buffers.containsKey(pair.getValue()));
            kinds.computeIfAbsent(new Kind(average, array.getDataType(), array.getDevice()), kind -> new ArrayList<>())
                    .add(pair.getKey());
        }
        kinds.forEach((kind, names) ->
                (kind.averaged ? averaged : copied).add(new Bucket(listOf(live, names), listOf(second, names))));
    }

    private NDArray copy(NDArray array) {
        return MemoryScope.outside(() -> {
            NDArray copy = array.duplicate();
            copy.attach(manager);
            return copy;
        });
    }

    private static TensorList listOf(Map<String, NDArray> arrays, List<String> names) {
        return TensorList.of(names.stream().map(arrays::get).toList());
    }

    /** Moves the second set towards the module's. */
    void approach(double weight) {
        try (GradMode off = GradMode.off()) {
            for (Bucket bucket : averaged) {
                bucket.second.lerpi(bucket.live, weight);
            }
            for (Bucket bucket : copied) {
                bucket.second.set(bucket.live);
            }
        }
    }

    /** Exchanges the module's weights with the second set, in place and one by one, so that little memory is needed. */
    void swap() {
        try (GradMode off = GradMode.off()) {
            live.forEach((name, array) -> exchange(array, Objects.requireNonNull(second.get(name))));
        }
    }

    private static void exchange(NDArray a, NDArray b) {
        try (TensorList first = TensorList.of(List.of(a));
                TensorList other = TensorList.of(List.of(b));
                TensorList before = first.copy()) {
            first.set(other);
            other.set(before);
        }
    }

    /** Writes the module's weights, or those of the second set. */
    void save(StateWriter state, boolean swapped) {
        (swapped ? second : live).forEach(state::putTensor);
    }

    /** Reads what {@link #save} has written into the second set. */
    void load(StateReader state) {
        second.forEach(state::readTensor);
    }

    @Override
    public void close() {
        for (List<Bucket> buckets : List.of(averaged, copied)) {
            buckets.forEach(bucket -> {
                bucket.live.close();
                bucket.second.close();
            });
        }
        manager.close();
    }
}
