package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.TorchFunction;

/**
 * torch's {@code parametrizations.spectral_norm} around a layer: its weight, as a matrix with a row for each output, is
 * divided by its largest singular value (Miyato et al. 2018). That is found by power iteration from one training step to
 * the next; evaluation uses the last. Parameters: the layer's without {@code weight}, and {@code
 * parametrizations.weight.original}; buffers {@code parametrizations.weight.0._u} and {@code ..._v}.
 *
 * <p>Inputs and outputs: the layer's.
 */
public final class SpectralNorm extends Reparametrized {
    /** torch's; then it tries a new parametrization by one call. */
    private static final int AT_FIRST = 15;

    private final Parameter left;
    private final Parameter right;
    private final int axis;
    private final TorchFunction unit;
    private final TorchFunction iterated;
    private final TorchFunction trained;
    private final TorchFunction evaluated;

    /**
     * Puts itself around a layer, with torch's one iteration a step and 1e-12.
     *
     * @param layer a layer with a parameter {@code weight} of two axes or more, of this package or of DJL
     * @throws io.github.lightning4j.ConfigurationException if it has none, or layers of its own
     */
    public SpectralNorm(Block layer) {
        this(layer, 1, 1e-12);
    }

    /**
     * Puts itself around a layer.
     *
     * @param layer a layer with a parameter {@code weight} of two axes or more, of this package or of DJL
     * @param iterations of a training step, 1 or more
     * @param eps the least length that a vector is divided by, above 0
     * @throws io.github.lightning4j.ConfigurationException if the layer has no such parameter, or layers of its own, or if a
     *     number is out of range
     */
    public SpectralNorm(Block layer, int iterations, double eps) {
        super(layer);
        Require.atLeast(1, iterations, "iterations of SpectralNorm");
        Require.finitePositive(eps, "eps of SpectralNorm");
        axis = layer instanceof ConvTranspose ? 1 : 0;
        String matrix = "m = torch.flatten(" + (axis == 0 ? "w" : "torch.transpose(w, 0, 1)") + ", 1)\n";
        String divided = "return w / torch.dot(u, torch.mv(m, v))";
        unit = TorchFunction.returning("x", unit("x", eps));
        iterated = TorchFunction.of("w, u, v", matrix + power(AT_FIRST + iterations, eps) + "return u");
        trained = TorchFunction.of("w, u, v", matrix + power(iterations, eps) + divided);
        evaluated = TorchFunction.of("w, u, v", matrix + divided);
        original("parametrizations.weight.original");
        left = add("parametrizations.weight.0._u", Parameter.Type.RUNNING_MEAN, this::drawn);
        right = add("parametrizations.weight.0._v", Parameter.Type.RUNNING_MEAN, this::drawnAndIterated);
    }

    private static String unit(String vector, double eps) {
        return "torch.div(" + vector + ", torch.clamp_min(torch.linalg_vector_norm(" + vector + "), " + eps + "))";
    }

    /** Improves u and v, and keeps them in the buffers; the graph has vectors of its own, since buffers go on changing. */
    private static String power(int iterations, double eps) {
        return "d = torch.detach(m)\nu0 = u\nv0 = v\nfor i in range(" + iterations + "):\n  u = torch.mv(d, v)\n  u = "
                + unit("u", eps) + "\n  v = torch.mv(torch.t(d), u)\n  v = " + unit("v", eps)
                + "\nu1 = torch.copy_(u0, u)\nv1 = torch.copy_(v0, v)\n";
    }

    private NDArray drawn(NDManager manager, Shape shape, DataType type) {
        try (GradMode off = GradMode.off();
                NDArray normal = manager.randomNormal(0, 1, shape, type)) {
            return unit.apply(normal);
        }
    }

    private NDArray drawnAndIterated(NDManager manager, Shape shape, DataType type) {
        NDArray v = drawn(manager, shape, type);
        try (GradMode off = GradMode.off()) {
            iterated.apply(weight.getArray(), left.getArray(), v).close();
        }
        return v;
    }

    @Override
    void setShapes(Shape ofWeight) {
        if (ofWeight.dimension() < 2) {
            throw new ConfigurationException(
                    "SpectralNorm got a weight of shape " + ofWeight + ", but needs two axes or more.");
        }
        long outputs = ofWeight.get(axis);
        left.setShape(new Shape(outputs));
        right.setShape(new Shape(ofWeight.size() / outputs));
    }

    @Override
    NDArray compute(Values values, boolean training) {
        return (training ? trained : evaluated).apply(values.of(weight), values.of(left), values.of(right));
    }
}
