package io.github.lightning4j.nn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.TorchFunction;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

/**
 * What torch's transposed convolutions share: {@code weight} (inputs, outputs, kernel...) and {@code bias}, uniform in
 * ±1/sqrt(outputs * kernel...) at first.
 *
 * <p>Input: (N, inputs, size...); output: (N, outputs, (size - 1) * stride - 2 * padding + kernel + outputPadding...).
 */
public abstract class ConvTranspose extends TorchLayer {
    private final int axes;
    private final int inputs;
    private final int outputs;
    private final int kernel;
    private final int stride;
    private final int padding;
    private final int outputPadding;
    private final TorchFunction function;

    ConvTranspose(int axes, int inputs, int outputs, int kernel, int stride, int padding, int outputPadding) {
        String name = ClassName.of(this);
        this.axes = axes;
        this.inputs = Require.atLeast(1, inputs, "inputs of " + name);
        this.outputs = Require.atLeast(1, outputs, "outputs of " + name);
        this.kernel = Require.atLeast(1, kernel, "kernel of " + name);
        this.stride = Require.atLeast(1, stride, "stride of " + name);
        this.padding = Require.atLeast(0, padding, "padding of " + name);
        this.outputPadding = Require.atLeast(0, outputPadding, "outputPadding of " + name);
        Require.that(
                outputPadding < stride, "outputPadding of " + name, outputPadding, "below the stride of " + stride, "");
        long[] shape = new long[2 + axes];
        shape[0] = inputs;
        shape[1] = outputs;
        for (int i = 0; i < axes; i++) {
            shape[2 + i] = kernel;
        }
        double bound = 1 / Math.sqrt(new Shape(shape).slice(1).size());
        parameter("weight", Parameter.Type.WEIGHT, uniform(bound), shape);
        parameter("bias", Parameter.Type.BIAS, uniform(bound), outputs);
        function = TorchFunction.returning(
                "x, w, b",
                "torch.conv_transpose" + axes + "d(x, w, b, " + each(stride) + ", " + each(padding) + ", "
                        + each(outputPadding) + ")");
    }

    private String each(int value) {
        return Collections.nCopies(axes, value).toString();
    }

    @Override
    TorchFunction function(NDList list, boolean training) {
        Shape shape = list.head().getShape();
        require(
                shape.dimension() == 2 + axes && shape.get(1) == inputs,
                list.head(),
                "(samples, " + inputs + " channels) and " + axes + " more axes");
        return function;
    }

    @Override
    public OptionalLong flops(List<Shape> given, List<Shape> results) {
        return OptionalLong.of(LayerFlops.applied(given.get(0).size() / inputs, parameters.values()));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        long[] shape = inputShapes[0].getShape().clone();
        shape[1] = outputs;
        for (int i = 2; i < shape.length; i++) {
            shape[i] = (shape[i] - 1) * stride - 2L * padding + kernel + outputPadding;
        }
        return new Shape[] {new Shape(shape)};
    }
}
