package io.github.lightning4j.nn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.torch.TorchFunction;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * torch's {@code Linear}: {@code x W^T + b}, or without b, uniform in ±1/sqrt(inputs) at first.
 *
 * <p>Input: (..., inputs); output: (..., outputs).
 */
public final class Linear extends TorchLayer {
    private final int inputs;
    private final int outputs;
    private final String names;
    private final String text;
    private final TorchFunction function;
    private @Nullable LowRank adapter;
    private @Nullable TorchFunction trained;
    private @Nullable TorchFunction evaluated;

    /**
     * Creates the layer.
     *
     * @param inputs the size of the last axis of inputs, 1 or more
     * @param outputs the size of the last axis of outputs, 1 or more
     * @throws io.github.lightning4j.ConfigurationException if one is less
     */
    public Linear(int inputs, int outputs) {
        this(inputs, outputs, "x, w, b", "torch.linear(x, w, b)");
        parameter("bias", Parameter.Type.BIAS, uniform(1 / Math.sqrt(inputs)), outputs);
    }

    /**
     * Creates the layer without a bias.
     *
     * @param inputs the size of the last axis of inputs, 1 or more
     * @param outputs the size of the last axis of outputs, 1 or more
     * @return the layer
     * @throws io.github.lightning4j.ConfigurationException if one is less
     */
    public static Linear withoutBias(int inputs, int outputs) {
        return new Linear(inputs, outputs, "x, w", "torch.linear(x, w)");
    }

    private Linear(int inputs, int outputs, String names, String text) {
        this.inputs = Require.atLeast(1, inputs, "inputs of Linear");
        this.outputs = Require.atLeast(1, outputs, "outputs of Linear");
        this.names = names;
        this.text = text;
        this.function = TorchFunction.returning(names, text);
        parameter("weight", Parameter.Type.WEIGHT, uniform(1 / Math.sqrt(inputs)), outputs, inputs);
    }

    @Override
    TorchFunction function(NDList list, boolean training) {
        Shape shape = list.head().getShape();
        require(endsWith(shape, new long[] {inputs}), list.head(), "(..., " + inputs + ")");
        TorchFunction adapted = training ? trained : evaluated;
        return adapter == null || adapted == null || !adapter.isActive() ? function : adapted;
    }

    @Override
    Collection<Parameter> used() {
        return LowRank.used(adapter, parameters.values());
    }

    @Override
    public OptionalLong flops(List<Shape> inputs, List<Shape> outputs) {
        return OptionalLong.of(LayerFlops.applied(LayerFlops.rows(inputs.get(0)), used()));
    }

    @Override
    boolean isAdaptable() {
        return true;
    }

    @Override
    void adapt(LowRankSettings settings) {
        LowRank added = newAdapter(settings, inputs, outputs);
        adapter = added;
        trained = adapted(added, true);
        evaluated = adapted(added, false);
    }

    private TorchFunction adapted(LowRank added, boolean training) {
        return TorchFunction.returning(names + ", la, lb", text + added.term("x", "la", "lb", training));
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
