package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.TorchFunction;
import java.util.Arrays;

/**
 * torch's {@code parametrizations.weight_norm} around a layer: its weight is {@code g v / |v|}, with a length g and a
 * direction v for each output (Salimans and Kingma 2016). Parameters: the layer's without {@code weight}, {@code
 * parametrizations.weight.original0} (g) and {@code parametrizations.weight.original1} (v).
 *
 * <p>Inputs and outputs: the layer's.
 */
public final class WeightNorm extends Reparametrized {
    private static final TorchFunction LENGTH = TorchFunction.returning("v", "torch.norm_except_dim(v, 2, 0)");
    private static final TorchFunction WEIGHT = TorchFunction.returning("g, v", "torch._weight_norm(v, g, 0)");

    private final Parameter length;

    /**
     * Puts itself around a layer.
     *
     * @param layer a layer with a parameter {@code weight}, of this package or of DJL: Linear, a convolution, Embedding
     * @throws io.github.lightning4j.ConfigurationException if it has none, or layers of its own
     */
    public WeightNorm(Block layer) {
        super(layer);
        length = add("parametrizations.weight.original0", Parameter.Type.WEIGHT, this::ofWeight);
        original("parametrizations.weight.original1");
    }

    private NDArray ofWeight(NDManager manager, Shape shape, DataType type) {
        try (GradMode off = GradMode.off()) {
            NDArray found = LENGTH.apply(weight.getArray());
            found.attach(manager);
            return found;
        }
    }

    @Override
    void setShapes(Shape ofWeight) {
        long[] shape = new long[ofWeight.dimension()];
        Arrays.fill(shape, 1);
        shape[0] = ofWeight.get(0);
        length.setShape(new Shape(shape));
    }

    @Override
    NDArray compute(Values values, boolean training) {
        return WEIGHT.apply(values.of(length), values.of(weight));
    }
}
