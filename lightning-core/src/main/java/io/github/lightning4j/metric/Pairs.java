package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.DataException;

/** Reads predictions and targets of equal shape. */
final class Pairs {
    private Pairs() {}

    static void checkShapes(Object owner, NDArray predictions, NDArray target) {
        if (!predictions.getShape().equals(target.getShape())) {
            throw new DataException(owner + " got predictions of shape " + predictions.getShape()
                    + " for targets of shape " + target.getShape() + ", but takes equal shapes. Reshape one of them.");
        }
    }

    /** Where columns must not be mixed: (N) or (N, 1) of one output, (N, outputs) of several. */
    static void checkOutputs(Object owner, NDArray predictions, int outputs) {
        Shape shape = predictions.getShape();
        long columns = shape.dimension() == 2 ? shape.get(1) : 1;
        if (shape.dimension() > 2 || columns != outputs) {
            throw new DataException(owner + " of " + outputs + " outputs got shape " + shape + ", but takes (N"
                    + (outputs == 1 ? ")" : ", " + outputs + ")")
                    + ". Say the number of outputs to its constructor, or give each output a metric of its own.");
        }
    }
}
