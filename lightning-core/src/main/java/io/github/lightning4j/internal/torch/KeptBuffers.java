package io.github.lightning4j.internal.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.List;

/** The running statistics and other buffers of a block as they were, which it gives back when closed. */
public final class KeptBuffers implements AutoCloseable {
    private final List<Kept> kept = new ArrayList<>();

    private KeptBuffers() {}

    /** Copies the buffers. */
    public static KeptBuffers of(Block block) {
        KeptBuffers buffers = new KeptBuffers();
        for (Parameter parameter : block.getParameters().values()) {
            if (moves(parameter)) {
                buffers.kept.add(
                        new Kept(parameter.getArray(), parameter.getArray().duplicate()));
            }
        }
        return buffers;
    }

    private static boolean moves(Parameter parameter) {
        return parameter.isInitialized() && Buffers.isBuffer(parameter) && !parameter.requiresGradient();
    }

    @Override
    public void close() {
        kept.forEach(Kept::restore);
        kept.clear();
    }

    private record Kept(NDArray live, NDArray copy) {
        void restore() {
            TensorBytes.copy(copy, live);
            copy.close();
        }
    }
}
