package io.github.lightning4j.testing;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.Stateful;
import io.github.lightning4j.checkpoint.TensorValue;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.Tensors;
import io.github.lightning4j.internal.torch.TorchRuntime;

/** A few parameters, with a loss that gives all but some of them a new gradient at each step. */
final class Trainees implements Stateful, AutoCloseable {
    static final String FROZEN = "frozen";
    static final String UNREACHED = "unreached";

    private final NDManager manager;
    private final PairList<String, Parameter> parameters = new PairList<>();

    Trainees(String... names) {
        TorchRuntime.load();
        manager = NDManager.newBaseManager(Device.cpu());
        for (String name : names) {
            Parameter parameter = Parameter.builder()
                    .setName(name)
                    .setType(Parameter.Type.WEIGHT)
                    .build();
            parameter.setArray(numbers(parameters.size()));
            parameter.freeze(name.equals(FROZEN));
            parameters.add(name, parameter);
        }
    }

    PairList<String, Parameter> parameters() {
        return parameters;
    }

    /** Numbers in (-1, 1) without a pattern an optimizer could have. */
    private NDArray numbers(int seed) {
        float[] values = new float[6];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(12.9898 * (i + 1) + 78.233 * (seed + 1));
        }
        return manager.create(values, new Shape(2, 3));
    }

    /** Backward of a loss whose gradients differ from step to step; returns the loss. */
    double backward(int step) {
        try (MemoryScope scope = MemoryScope.open();
                GradMode recording = GradMode.recording()) {
            scope.suppressNotUsedWarning();
            NDArray loss = manager.zeros(new Shape());
            for (int i = 0; i < parameters.size(); i++) {
                if (!parameters.keyAt(i).equals(UNREACHED)) {
                    NDArray weight = parameters.valueAt(i).getArray();
                    loss = loss.add(weight.mul(numbers(100 * step + i)).sum());
                }
            }
            GradMode.backward(loss);
            return Tensors.toDouble(loss);
        }
    }

    /** The gradient of a parameter, which must have one. */
    TensorValue gradient(int index) {
        try (NDArray gradient = parameters.valueAt(index).getArray().getGradient()) {
            return TensorValue.of(gradient);
        }
    }

    @Override
    public void save(StateWriter state) {
        parameters.forEach(
                pair -> state.putTensor(pair.getKey(), pair.getValue().getArray()));
    }

    @Override
    public void load(StateReader state) {
        parameters.forEach(
                pair -> state.readTensor(pair.getKey(), pair.getValue().getArray()));
    }

    @Override
    public void close() {
        manager.close();
    }
}
