package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import java.util.Arrays;

/** A layer that keeps shapes, with a weight that starts at 1 and a bias that starts at 0. */
abstract class Norm extends TorchLayer {

    Norm() {}

    final void weight(long... shape) {
        parameter("weight", Parameter.Type.GAMMA, Initializer.ONES, shape);
    }

    final void bias(long... shape) {
        parameter("bias", Parameter.Type.BETA, Initializer.ZEROS, shape);
    }

    final void requireLastAxes(NDArray input, long[] sizes) {
        require(endsWith(input.getShape(), sizes), input, "last axes of " + Arrays.toString(sizes));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0]};
    }
}
