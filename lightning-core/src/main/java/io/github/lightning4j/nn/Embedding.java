package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.torch.TorchFunction;

/**
 * torch's {@code Embedding}: a row of {@code weight} for each whole number. It starts normal with mean 0 and deviation 1.
 *
 * <p>Input: INT64 or INT32 of any shape (...), from 0 to count - 1; output: (..., size).
 */
public final class Embedding extends TorchLayer {
    private final int size;
    private final TorchFunction function;

    /**
     * Creates the layer.
     *
     * @param count how many rows there are, 1 or more
     * @param size how many numbers a row has, 1 or more
     * @throws io.github.lightning4j.ConfigurationException if one is less
     */
    public Embedding(int count, int size) {
        this(count, size, -1, normal());
    }

    /**
     * Creates the layer with one row that starts at 0 and is never trained.
     *
     * @param count how many rows there are, 1 or more
     * @param size how many numbers a row has, 1 or more
     * @param paddingIdx the row, from 0 to count - 1
     * @return the layer
     * @throws io.github.lightning4j.ConfigurationException if one is out of range
     */
    public static Embedding withPadding(int count, int size, int paddingIdx) {
        Require.that(paddingIdx >= 0 && paddingIdx < count, "paddingIdx", paddingIdx, "from 0 to " + (count - 1), "");
        return new Embedding(count, size, paddingIdx, (manager, shape, dataType) -> {
            NDArray weight = normal().initialize(manager, shape, dataType);
            try (NDArray zeros = manager.zeros(new Shape(size), dataType)) {
                weight.set(new NDIndex(paddingIdx), zeros);
            }
            return weight;
        });
    }

    private Embedding(int count, int size, int paddingIdx, Initializer initializer) {
        Require.atLeast(1, count, "count of Embedding");
        this.size = Require.atLeast(1, size, "size of Embedding");
        parameter("weight", Parameter.Type.WEIGHT, initializer, count, size);
        function = TorchFunction.returning("x, w", "torch.embedding(w, x, " + paddingIdx + ", False, False)");
    }

    @Override
    TorchFunction function(NDList inputs, boolean training) {
        DataType type = inputs.head().getDataType();
        require(type == DataType.INT64 || type == DataType.INT32, inputs.head(), "whole numbers of INT64 or INT32");
        return function;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0].add(size)};
    }
}
