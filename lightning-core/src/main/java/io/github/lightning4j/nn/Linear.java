package io.github.lightning4j.nn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.torch.TorchFunction;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * torch's {@code Linear}: {@code x W^T + b}, uniform in ±1/sqrt(inputs) at first.
 *
 * <p>Input: (..., inputs); output: (..., outputs).
 */
public final class Linear extends TorchLayer {
    private final int inputs;
    private final int outputs;
    private @Nullable LowRank adapter;
    private final TorchFunction function = TorchFunction.returning("x, w, b", "torch.linear(x, w, b)");

    /**
     * Creates the layer.
     *
     * @param inputs the size of the last axis of inputs, 1 or more
     * @param outputs the size of the last axis of outputs, 1 or more
     * @throws io.github.lightning4j.ConfigurationException if one is less
     */
    public Linear(int inputs, int outputs) {
        this.inputs = Require.atLeast(1, inputs, "inputs of Linear");
        this.outputs = Require.atLeast(1, outputs, "outputs of Linear");
        double bound = 1 / Math.sqrt(inputs);
        parameter("weight", Parameter.Type.WEIGHT, uniform(bound), outputs, inputs);
        parameter("bias", Parameter.Type.BIAS, uniform(bound), outputs);
    }

    @Override
    TorchFunction function(NDList list, boolean training) {
        Shape shape = list.head().getShape();
        require(endsWith(shape, new long[] {inputs}), list.head(), "(..., " + inputs + ")");
        return adapter == null || !adapter.isActive() ? function : adapter.function(training);
    }

    @Override
    Collection<Parameter> used() {
        return adapter == null || adapter.isActive()
                ? parameters.values()
                : parameters.values().stream().limit(2).toList();
    }

    @Override
    boolean isAdaptable() {
        return true;
    }

    @Override
    void adapt(LowRankSettings settings) {
        adapter = newAdapter(settings, inputs, outputs);
    }

    @Override
    @Nullable
    LowRank adapter() {
        return adapter;
    }

    @Override
    void mergeAdapter() {
        super.mergeAdapter();
        adapter = null;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape shape = inputShapes[0];
        return new Shape[] {shape.slice(0, shape.dimension() - 1).add(outputs)};
    }
}
