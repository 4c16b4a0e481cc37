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
public final class TrainedParameters implements AutoCloseable {
    private final NDManager manager = NDManager.newBaseManager();
    private final PairList<String, Parameter> parameters = new PairList<>();
    private final GradientSet gradients;

    public TrainedParameters(Function<NDManager, List<NDArray>> values) {
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

    public static TrainedParameters of(TorchReference reference, DataType type) {
        return new TrainedParameters(manager -> reference.parameters(manager, type));
    }

    public PairList<String, Parameter> list() {
        return parameters;
    }

    /** One of the parameters alone. */
    public PairList<String, Parameter> only(int index) {
        PairList<String, Parameter> result = new PairList<>();
        result.add(parameters.get(index));
        return result;
    }

    public NDManager manager() {
        return manager;
    }

    /** Gives every parameter exactly this gradient. */
    public void gradients(List<NDArray> values) {
        for (int i = 0; i < values.size(); i++) {
            gradients.restore("p" + i, values.get(i));
            values.get(i).close();
        }
    }

    /** Takes over the values of equal parameters. */
    public void copyFrom(TrainedParameters other) {
        for (int i = 0; i < parameters.size(); i++) {
            NDArray target = parameters.valueAt(i).getArray();
            NDArray source = other.parameters.valueAt(i).getArray();
            try (GradMode off = GradMode.off()) {
                target.set(new NDIndex("..."), source);
            }
        }
    }

    /** Overwrites the values by saved ones. */
    public void load(StateReader state) {
        try (GradMode off = GradMode.off()) {
            parameters.forEach(
                    pair -> state.readTensor(pair.getKey(), pair.getValue().getArray()));
        }
    }

    public GradientSet gradients() {
        return gradients;
    }

    public double[] values(int index) {
        return numbers(parameters.valueAt(index).getArray());
    }

    public static double[] numbers(NDArray array) {
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
