package io.github.lightning4j.nn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.torch.TorchFunction;

/**
 * torch's {@code Upsample} of images by a whole factor.
 *
 * <p>Input: (N, C, H, W); output: (N, C, H * factor, W * factor).
 */
public final class Upsample extends TorchLayer {
    private final int factor;
    private final TorchFunction function;

    private Upsample(int factor, String operator, String flag) {
        this.factor = Require.atLeast(1, factor, "factor of Upsample");
        String scale = (double) factor + "";
        function = TorchFunction.returning(
                "x",
                "torch." + operator + "(x, [x.size(2) * " + factor + ", x.size(3) * " + factor + "]" + flag + ", "
                        + scale + ", " + scale + ")");
    }

    /**
     * Repeats pixels: torch's {@code mode="nearest"}.
     *
     * @param factor by which images grow, 1 or more
     * @return the layer
     * @throws io.github.lightning4j.ConfigurationException if it is less
     */
    public static Upsample nearest(int factor) {
        return new Upsample(factor, "upsample_nearest2d", "");
    }

    /**
     * Mixes the four nearest pixels: torch's {@code mode="bilinear"}, {@code align_corners=False}.
     *
     * @param factor by which images grow, 1 or more
     * @return the layer
     * @throws io.github.lightning4j.ConfigurationException if it is less
     */
    public static Upsample bilinear(int factor) {
        return new Upsample(factor, "upsample_bilinear2d", ", False");
    }

    @Override
    TorchFunction function(NDList inputs, boolean training) {
        require(inputs.head().getShape().dimension() == 4, inputs.head(), "(samples, channels, height, width)");
        return function;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape shape = inputShapes[0];
        return new Shape[] {new Shape(shape.get(0), shape.get(1), shape.get(2) * factor, shape.get(3) * factor)};
    }
}
