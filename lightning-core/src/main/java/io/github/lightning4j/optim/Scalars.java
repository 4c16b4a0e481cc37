package io.github.lightning4j.optim;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.Tensors;
import java.util.function.UnaryOperator;

/** Numbers of long vectors. */
final class Scalars {
    private Scalars() {}

    static double dot(NDArray a, NDArray b) {
        return read(a, left -> left.dot(b));
    }

    static double maxAbs(NDArray a) {
        return read(a, vector -> vector.abs().max());
    }

    static double sumAbs(NDArray a) {
        return read(a, vector -> vector.abs().sum());
    }

    private static double read(NDArray vector, UnaryOperator<NDArray> reduction) {
        try (MemoryScope scope = MemoryScope.open()) {
            return Tensors.toDouble(reduction.apply(vector));
        }
    }
}
