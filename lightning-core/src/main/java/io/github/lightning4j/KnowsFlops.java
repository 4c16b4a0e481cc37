package io.github.lightning4j;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.List;
import java.util.OptionalLong;

/**
 * A {@link Block} that knows the floating-point operations of a call. Implement it for a block of your own that calls other
 * blocks or multiplies matrices, whose inside nobody sees.
 */
public interface KnowsFlops {

    /**
     * The operations of one forward call, those of the layers within included. As in torch's {@code flop_counter} a
     * multiply-add is two, and only products of matrices, convolutions and attention count: not biases, activations, norms
     * and look-ups.
     *
     * @param inputs the shapes of the inputs, batch dimension included
     * @param outputs the shapes of the outputs
     * @return the count, or nothing where it is not known
     */
    OptionalLong flops(List<Shape> inputs, List<Shape> outputs);
}
