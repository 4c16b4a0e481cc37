package io.github.lightning4j.callback;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.util.Pair;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.TensorList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** For each weight that is pruned a mask of ones and zeros, of its shape, dtype and device. To be closed. */
final class PruningMasks implements AutoCloseable {
    private final NDManager manager;
    private final Map<String, NDArray> weights;
    private final Map<String, NDArray> masks = new LinkedHashMap<>();
    private final List<TensorList> live = new ArrayList<>();
    private final List<TensorList> factors = new ArrayList<>();

    private record Kind(DataType type, Device device) {}

    /** Makes masks of ones. */
    PruningMasks(Map<String, NDArray> weights) {
        this.weights = new LinkedHashMap<>(weights);
        manager = MemoryScope.outside(() -> NDManager.newBaseManager(Device.cpu(), "PyTorch"));
        Map<Kind, List<String>> kinds = new LinkedHashMap<>();
        weights.forEach((name, weight) -> {
            masks.put(name, MemoryScope.outside(() -> ones(weight)));
            kinds.computeIfAbsent(new Kind(weight.getDataType(), weight.getDevice()), kind -> new ArrayList<>())
                    .add(name);
        });
        for (List<String> names : kinds.values()) {
            live.add(TensorList.of(names.stream().map(weights::get).toList()));
            factors.add(TensorList.of(names.stream().map(masks::get).toList()));
        }
    }

    private NDArray ones(NDArray weight) {
        NDArray ones = weight.onesLike();
        ones.attach(manager);
        return ones;
    }

    Set<String> names() {
        return masks.keySet();
    }

    /** The share of zeros. */
    double sparsity() {
        long zeros = 0;
        long all = 0;
        for (float[] mask : values().values()) {
            for (float value : mask) {
                zeros += value == 0 ? 1 : 0;
            }
            all += mask.length;
        }
        return (double) zeros / all;
    }

    /** Sets the weights that are pruned to zero. */
    void apply() {
        try (GradMode off = GradMode.off()) {
            for (int i = 0; i < live.size(); i++) {
                live.get(i).muli(factors.get(i));
            }
        }
    }

    /** Sets the gradients of weights that are pruned to zero, so that they count in no norm. */
    void applyToGradients(Optimizer optimizer) {
        try (GradMode off = GradMode.off()) {
            for (Pair<String, NDArray> gradient : optimizer.gradients().defined()) {
                NDArray mask = masks.get(gradient.getKey());
                if (mask != null) {
                    gradient.getValue().muli(mask);
                }
            }
        }
    }

    /** The sizes of the weights. */
    Map<String, float[]> magnitudes() {
        Map<String, float[]> all = new LinkedHashMap<>();
        weights.forEach((name, weight) -> all.put(name, magnitudes(weight)));
        return all;
    }

    private static float[] magnitudes(NDArray weight) {
        try (MemoryScope scope = MemoryScope.open()) {
            return weight.toType(DataType.FLOAT32, true).abs().toFloatArray();
        }
    }

    /** The masks as they are. */
    Map<String, float[]> values() {
        Map<String, float[]> all = new LinkedHashMap<>();
        masks.forEach((name, mask) -> all.put(name, magnitudes(mask)));
        return all;
    }

    /** Takes other masks. */
    void set(Map<String, float[]> values) {
        try (MemoryScope scope = MemoryScope.open();
                GradMode off = GradMode.off()) {
            values.forEach((name, value) -> {
                NDArray mask = Objects.requireNonNull(masks.get(name));
                NDArray made = mask.getManager().create(value, mask.getShape()).toDevice(mask.getDevice(), false);
                mask.muli(made.toType(mask.getDataType(), false));
            });
        }
    }

    /** How many elements lie below each index of the first axis. */
    int width(String name) {
        NDArray weight = Objects.requireNonNull(weights.get(name));
        return Math.toIntExact(weight.size() / weight.getShape().get(0));
    }

    void save(StateWriter state) {
        masks.forEach(state::putTensor);
    }

    void load(StateReader state) {
        masks.forEach((name, mask) -> state.readTensor(name, mask));
    }

    @Override
    public void close() {
        live.forEach(TensorList::close);
        factors.forEach(TensorList::close);
        manager.close();
    }
}
