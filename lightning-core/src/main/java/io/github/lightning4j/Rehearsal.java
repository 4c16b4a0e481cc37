package io.github.lightning4j;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.github.lightning4j.internal.torch.KeptBuffers;

/** Runs a layer as a training step does, but leaves running statistics and other buffers as they were. */
record Rehearsal(ParameterStore store, FrozenLayers frozenLayers) {
    NDList run(Block block, NDList inputs) {
        try (KeptBuffers kept = KeptBuffers.of(block)) {
            return frozenLayers.train(store, block, inputs);
        }
    }
}
