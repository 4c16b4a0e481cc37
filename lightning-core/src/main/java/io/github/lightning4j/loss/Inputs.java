package io.github.lightning4j.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.DataException;
import org.jspecify.annotations.Nullable;

/** What each loss asks of its two arrays before it computes. */
final class Inputs {
    private Inputs() {}

    /** Refuses what is missing, and predictions that can have no gradient. */
    static void require(String loss, @Nullable NDArray prediction, @Nullable NDArray target) {
        if (prediction == null) {
            throw new DataException(
                    "Losses." + loss + " got null in place of the prediction, its first argument. Give it"
                            + " what the model computed, for instance call(net, batch.getData()).head().");
        }
        if (target == null) {
            throw new DataException(
                    "Losses." + loss + " got null in place of the labels, its second argument. Give it the"
                            + " labels of the batch, for instance batch.getLabels().head().");
        }
        if (!prediction.getDataType().isFloating()) {
            throw new DataException("Losses." + loss + " got a prediction of type " + prediction.getDataType()
                    + ", but it must be of floating point numbers. "
                    + (target.getDataType().isFloating()
                            ? "The prediction comes first, the labels second: were they swapped?"
                            : "Convert it with toType(DataType.FLOAT32, false)."));
        }
    }

    static void requireSameShape(String loss, NDArray prediction, NDArray target) {
        require(loss, prediction, target);
        Shape shape = prediction.getShape();
        if (!shape.equals(target.getShape())) {
            throw new DataException("Losses." + loss + " got a prediction of shape " + shape + " and a target of shape "
                    + target.getShape() + ". The two must be equal: reshape one of them.");
        }
        if (shape.size() == 0) {
            throw new DataException("Losses." + loss + " got arrays of shape " + shape + ", which hold no value.");
        }
    }
}
