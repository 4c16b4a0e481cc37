package io.github.lightning4j.loss;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.DataException;
import io.github.lightning4j.internal.torch.Tensors;
import java.nio.FloatBuffer;

/** Class labels: their shape, their whole numbers, and why an index did not work. */
final class Labels {
    /** Mixed targets, such as 0.3 * 1 + 0.7 * 1, may miss 1 by a rounding error. */
    private static final float ROUNDING = 1e-6f;

    private Labels() {}

    /** The shape labels must take to pick from logits along axis 1: that of the logits with one class. */
    static Shape shapeFor(Shape logits, Shape labels) {
        int axes = logits.dimension();
        if (axes < 2) {
            throw new DataException("Losses.crossEntropy got logits of shape " + logits
                    + ", but needs (samples, classes) or (samples, classes, ...).");
        }
        if (logits.get(1) < 2) {
            throw new DataException("Losses.crossEntropy got logits of shape " + logits
                    + ": over a single class it is always 0. Use Losses.bceWithLogits for a binary head of one unit.");
        }
        if (logits.size() == 0) {
            throw new DataException("Losses.crossEntropy got logits of shape " + logits + ", which hold no value.");
        }
        long[] picked = logits.getShape().clone();
        picked[1] = 1;
        Shape withClassAxis = new Shape(picked);
        Shape withoutClassAxis = logits.slice(0, 1).addAll(logits.slice(2));
        if (!labels.equals(withoutClassAxis) && !labels.equals(withClassAxis)) {
            throw new DataException(
                    "Losses.crossEntropy got logits of shape " + logits + " and labels of shape " + labels
                            + ". It needs one class index a sample: labels of shape " + withoutClassAxis + " or "
                            + withClassAxis + remedy(logits, labels));
        }
        return withClassAxis;
    }

    private static String remedy(Shape logits, Shape labels) {
        if (labels.equals(logits)) {
            return "; turn one-hot labels into indices with argMax(1).";
        }
        int last = logits.dimension() - 1;
        if (last > 1 && labels.equals(logits.slice(0, last))) {
            return ". The classes are axis 1, but here they seem to be the last: flatten both, with"
                    + " logits.reshape(-1, " + logits.get(last) + ") and labels.flatten().";
        }
        return ".";
    }

    /** A new array of INT64 indices. */
    static NDArray toIndices(NDArray labels, Shape shape) {
        if (labels.getDataType() == DataType.INT64) {
            return labels.reshape(shape);
        }
        if (labels.getDataType().isFloating()) {
            requireWholeNumbers(labels);
        }
        try (NDArray indices = labels.toType(DataType.INT64, true)) {
            return indices.reshape(shape);
        }
    }

    /** Explains a failed pick by the first label that is no class, or gives the failure back. */
    static RuntimeException diagnose(NDArray labels, long classes, EngineException failure) {
        Number[] values = labels.toArray();
        for (int i = 0; i < values.length; i++) {
            long label = values[i].longValue();
            if (label < 0 || label >= classes) {
                return new DataException(
                        "Losses.crossEntropy got label " + label + " at " + row(labels, i) + ", but there are "
                                + classes + " classes (0.." + (classes - 1) + ").",
                        failure);
            }
        }
        return failure;
    }

    private static void requireWholeNumbers(NDArray labels) {
        Number[] values = labels.toArray();
        for (int i = 0; i < values.length; i++) {
            double label = values[i].doubleValue();
            if (label != Math.rint(label)) {
                throw new DataException("Losses.crossEntropy got label " + label + " at " + row(labels, i)
                        + ", which is no class index. For targets that are real numbers use Losses.mse or Losses.l1.");
            }
        }
    }

    /** A look at each target, which on the CPU costs a small part of what the loss costs, and on a GPU would not. */
    static void requireProbabilities(NDArray targets) {
        if (targets.getDataType() != DataType.FLOAT32 || targets.getDevice().isGpu()) {
            return;
        }
        FloatBuffer values = Tensors.liveView(targets).asFloatBuffer();
        for (int i = 0; i < values.limit(); i++) {
            float target = values.get(i);
            if (!(target >= -ROUNDING && target <= 1 + ROUNDING)) {
                throw new DataException("Losses.bceWithLogits got target " + target + " at " + row(targets, i)
                        + ", but a target is a probability from 0 to 1.");
            }
        }
    }

    private static String row(NDArray labels, int index) {
        long rows = labels.getShape().dimension() == 0 ? 1 : labels.getShape().get(0);
        long perRow = labels.size() / rows;
        return "row " + index / perRow + (perRow == 1 ? "" : ", element " + index % perRow);
    }
}
