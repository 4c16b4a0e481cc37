package io.github.lightning4j.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.internal.torch.GradientSet;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.TensorBytes;
import java.util.List;
import java.util.function.Supplier;

/** Parameters as one long vector, for optimizers that think in directions. Those that are frozen do not move. */
final class FlatParameters {
    private final String optimizer;
    private final List<Parameter> parameters;
    private final GradientSet gradients;

    FlatParameters(String optimizer, List<Parameter> parameters, GradientSet gradients) {
        this.optimizer = optimizer;
        this.parameters = parameters;
        this.gradients = gradients;
    }

    /** Refuses parameters that do not make one vector. */
    void requireOfOneKind() {
        NDArray first = parameters.get(0).getArray();
        if (first.getDataType() != DataType.FLOAT32 && first.getDataType() != DataType.FLOAT64) {
            throw new ConfigurationException(optimizer + " trains FLOAT32 and FLOAT64 parameters, but has "
                    + first.getDataType() + ". Use precision(DataType.FLOAT32), or another optimizer.");
        }
        for (Parameter parameter : parameters) {
            NDArray array = parameter.getArray();
            if (array.getDataType() != first.getDataType() || !array.getDevice().equals(first.getDevice())) {
                throw new ConfigurationException(optimizer + " needs parameters of one dtype on one device, but has "
                        + first.getDataType() + " on " + first.getDevice() + " and " + array.getDataType() + " on "
                        + array.getDevice() + ". Train them by an optimizer each, or by another one.");
            }
        }
    }

    NDManager newManager() {
        NDArray first = parameters.get(0).getArray();
        return first.getManager().getEngine().newBaseManager(first.getDevice());
    }

    /** The gradient, zero where there is none. */
    NDArray gradient(NDManager owner) {
        gradients.refresh();
        return kept(owner, () -> {
            NDList parts = new NDList(parameters.size());
            for (int i = 0; i < parameters.size(); i++) {
                NDArray gradient = gradients.gradient(i);
                parts.add((gradient == null ? parameters.get(i).getArray().zerosLike() : gradient).flatten());
            }
            return joined(parts);
        });
    }

    /** The values. */
    NDArray values(NDManager owner) {
        return kept(owner, () -> {
            NDList parts = new NDList(parameters.size());
            parameters.forEach(parameter -> parts.add(parameter.getArray().flatten()));
            return joined(parts);
        });
    }

    /** One part would come back as it is, and share its memory. */
    private static NDArray joined(NDList parts) {
        return parts.size() == 1 ? parts.get(0).duplicate() : NDArrays.concat(parts);
    }

    /** Adds a multiple of a direction. */
    void move(double step, NDArray direction) {
        try (MemoryScope scope = MemoryScope.open()) {
            forEachPart(direction, (array, part) -> array.addi(part.mul(step)));
        }
    }

    /** Puts values back. */
    void set(NDArray values) {
        try (MemoryScope scope = MemoryScope.open()) {
            forEachPart(values, (array, part) -> TensorBytes.copy(part, array));
        }
    }

    private void forEachPart(NDArray vector, Change change) {
        long from = 0;
        for (int i = 0; i < parameters.size(); i++) {
            NDArray array = parameters.get(i).getArray();
            long to = from + array.size();
            if (gradients.gradient(i) != null) {
                change.of(array, vector.get(new NDIndex("{}:{}", from, to)).reshape(array.getShape()));
            }
            from = to;
        }
    }

    /** Makes an array that belongs to its owner alone; what it was made of is freed. */
    static NDArray kept(NDManager owner, Supplier<NDArray> maker) {
        try (MemoryScope scope = MemoryScope.open()) {
            NDArray made = MemoryScope.release(maker.get());
            made.attach(owner);
            return made;
        }
    }

    @FunctionalInterface
    private interface Change {
        void of(NDArray array, NDArray part);
    }
}
