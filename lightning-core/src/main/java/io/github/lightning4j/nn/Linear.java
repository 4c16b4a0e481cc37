package io.github.lightning4j.nn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.torch.TorchFunction;

/**
 * torch's {@code Linear}: {@code x W^T + b}, or without b, uniform in ±1/sqrt(inputs) at first.
 *
 * <p>Input: (..., inputs); output: (..., outputs).
 */
public final class Linear extends TorchLayer {
    private final int inputs;
    private final int outputs;
    private final TorchFunction function;

    /**
     * Creates the layer.
     *
     * @param inputs the size of the last axis of inputs, 1 or more
     * @param outputs the size of the last axis of outputs, 1 or more
     * @throws io.github.lightning4j.ConfigurationException if one is less
     */
    public Linear(int inputs, int outputs) {
        this(inputs, outputs, TorchFunction.returning("x, w, b", "torch.linear(x, w, b)"));
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
        return new Linear(inputs, outputs, TorchFunction.returning("x, w", "torch.linear(x, w)"));
    }

    private Linear(int inputs, int outputs, TorchFunction function) {
        this.inputs = Require.atLeast(1, inputs, "inputs of Linear");
        this.outputs = Require.atLeast(1, outputs, "outputs of Linear");
        this.function = function;
        parameter("weight", Parameter.Type.WEIGHT, uniform(1 / Math.sqrt(inputs)), outputs, inputs);
    }

    @Override
    TorchFunction function(NDList list, boolean training) {
        Shape shape = list.head().getShape();
        require(endsWith(shape, new long[] {inputs}), list.head(), "(..., " + inputs + ")");
        return function;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape shape = inputShapes[0];
        return new Shape[] {shape.slice(0, shape.dimension() - 1).add(outputs)};
    }
}
