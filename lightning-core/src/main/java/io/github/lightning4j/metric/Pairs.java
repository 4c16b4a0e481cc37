package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
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
}
