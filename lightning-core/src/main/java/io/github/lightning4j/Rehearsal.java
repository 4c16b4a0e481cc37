package io.github.lightning4j;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import io.github.lightning4j.internal.torch.TensorBytes;
import java.util.ArrayList;
import java.util.List;

/** Runs a layer as a training step does, but leaves running statistics and other buffers as they were. */
record Rehearsal(ParameterStore store, FrozenLayers frozenLayers) {
    NDList run(Block block, NDList inputs) {
        List<Kept> kept = new ArrayList<>();
        for (Parameter parameter : block.getParameters().values()) {
            if (moves(parameter)) {
                kept.add(new Kept(parameter.getArray(), parameter.getArray().duplicate()));
            }
        }
        try {
            return frozenLayers.train(store, block, inputs);
        } finally {
            kept.forEach(Kept::restore);
        }
    }

    private static boolean moves(Parameter parameter) {
        return parameter.isInitialized()
                && switch (parameter.getType()) {
                    case RUNNING_MEAN, RUNNING_VAR, OTHER -> !parameter.requiresGradient();
                    default -> false;
                };
    }

    private record Kept(NDArray live, NDArray copy) {
        void restore() {
            TensorBytes.copy(copy, live);
            copy.close();
        }
    }
}
