package io.github.lightning4j.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.GradientSet;
import java.util.List;
import java.util.function.Function;

/** Parameters whose gradients a test sets. */
final class TrainedParameters implements AutoCloseable {
    private final NDManager manager = NDManager.newBaseManager();
    private final PairList<String, Parameter> parameters = new PairList<>();
    private final GradientSet gradients;

    TrainedParameters(Function<NDManager, List<NDArray>> values) {
        for (NDArray value : values.apply(manager)) {
            Parameter parameter = Parameter.builder()
                    .setName("p")
                    .setType(Parameter.Type.WEIGHT)
                    .build();
            parameter.setArray(value);
            parameter.freeze(false);
            parameters.add("p" + parameters.size(), parameter);
        }
        gradients = new GradientSet(parameters);
    }

    static TrainedParameters of(TorchReference reference, DataType type) {
        return new TrainedParameters(manager -> reference.parameters(manager, type));
    }

    PairList<String, Parameter> list() {
        return parameters;
    }

    /** One of the parameters alone. */
    PairList<String, Parameter> only(int index) {
        PairList<String, Parameter> result = new PairList<>();
        result.add(parameters.get(index));
        return result;
    }

    NDManager manager() {
        return manager;
    }

    /** Gives every parameter exactly this gradient. */
    void gradients(List<NDArray> values) {
        for (int i = 0; i < values.size(); i++) {
            gradients.restore("p" + i, values.get(i));
            values.get(i).close();
        }
    }

    /** Takes over the values of equal parameters. */
    void copyFrom(TrainedParameters other) {
        for (int i = 0; i < parameters.size(); i++) {
            NDArray target = parameters.valueAt(i).getArray();
            NDArray source = other.parameters.valueAt(i).getArray();
            try (GradMode off = GradMode.off()) {
                target.set(new NDIndex("..."), source);
            }
        }
    }

    /** Overwrites the values by saved ones. */
    void load(StateReader state) {
        try (GradMode off = GradMode.off()) {
            parameters.forEach(
                    pair -> state.readTensor(pair.getKey(), pair.getValue().getArray()));
        }
    }

    GradientSet gradients() {
        return gradients;
    }

    double[] values(int index) {
        return numbers(parameters.valueAt(index).getArray());
    }

    static double[] numbers(NDArray array) {
        try (NDArray wide = array.toType(DataType.FLOAT64, true)) {
            return wide.toDoubleArray();
        }
    }

    @Override
    public void close() {
        gradients.close();
        manager.close();
    }
}
