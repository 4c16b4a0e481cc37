package io.github.lightning4j.summary;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * What one forward pass takes.
 *
 * @param inputs the shapes of the inputs it was made with, batch dimension included
 * @param flops the operations of all layers that were called
 * @param activationBytes of the outputs of the innermost layers, which a training step keeps for backward; what layers keep
 *     beside their outputs is not among them
 */
public record ForwardCost(List<Shape> inputs, Flops flops, long activationBytes) {
    static ForwardCost of(LayerCall call) {
        return new ForwardCost(call.inputs(), call.flops(), call.activationBytes());
    }
}
