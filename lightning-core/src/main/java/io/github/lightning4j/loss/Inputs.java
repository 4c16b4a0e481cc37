package io.github.lightning4j.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
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

    /** Weights are one for all, or one for each place of the last axis. */
    static void requireLastAxis(String loss, String what, int weights, Shape shape) {
        long last = shape.dimension() == 0 ? 1 : shape.get(shape.dimension() - 1);
        if (weights > 1 && weights != last) {
            throw new DataException("Losses." + loss + " has " + weights + " values of " + what
                    + " for logits of shape " + shape + ". Give one, or one for each of the " + last
                    + " places of the last axis.");
        }
    }

    static void requireAxes(String loss, NDArray array, int axes, String expected) {
        if (array.getShape().dimension() != axes || array.size() == 0) {
            throw new DataException("Losses." + loss + " got an array of shape " + array.getShape() + ", but needs "
                    + expected + ", and values in it.");
        }
    }

    static void requireTarget(String loss, @Nullable NDArray target, Shape expected) {
        if (target == null || !target.getShape().equals(expected)) {
            throw new DataException("Losses." + loss + " got targets or lengths of shape "
                    + (target == null ? null : target.getShape()) + ", but the prediction asks for " + expected + ".");
        }
    }

    static void requireIndices(String loss, String what, NDArray array) {
        if (array.getDataType() != DataType.INT64) {
            throw new DataException("Losses." + loss + " got " + what + " of type " + array.getDataType()
                    + ", but they must be INT64. Convert them with toType(DataType.INT64, false).");
        }
    }

    static void requireVariance(NDArray mean, @Nullable NDArray variance) {
        Shape shape = mean.getShape();
        int axes = shape.dimension();
        if (variance == null
                || !variance.getShape().equals(shape)
                        && (axes == 0
                                || !variance.getShape()
                                        .equals(shape.slice(0, axes - 1).addAll(new Shape(1))))) {
            throw new DataException("Losses.gaussianNll got a variance of shape "
                    + (variance == null ? null : variance.getShape()) + " for a mean of shape " + shape
                    + ". It must have that shape, or 1 in place of the last axis.");
        }
        Elements.requireNotNegative("gaussianNll", "variance", variance);
    }
}
