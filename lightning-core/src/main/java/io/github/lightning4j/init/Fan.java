package io.github.lightning4j.init;

import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.ConfigurationException;
import java.util.Arrays;

/** Which connections of a weight of shape (outputs, inputs, kernel...) are counted: torch's {@code mode}. */
public enum Fan {
    /** Those into one output, so that values keep their size on the way forward. */
    IN,
    /** Those out of one input, so that gradients keep theirs on the way back. */
    OUT;

    double of(Shape shape) {
        return of(shape, this == IN ? 1 : 0);
    }

    static double both(Shape shape) {
        return IN.of(shape) + OUT.of(shape);
    }

    private static double of(Shape shape, int axis) {
        if (shape.dimension() < 2) {
            throw new ConfigurationException(
                    "A parameter has the shape " + shape + ", but Kaiming's and Xavier's rules need"
                            + " (outputs, inputs, ...), two axes or more. Use Init.constant for biases.");
        }
        long kernel = Arrays.stream(shape.getShape()).skip(2).reduce(1, (a, b) -> a * b);
        return (double) shape.get(axis) * kernel;
    }
}
