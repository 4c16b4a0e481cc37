package io.github.lightning4j.loss;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.DataException;

/** Class labels: their shape, their whole numbers, and why an index did not work. */
final class Labels {
    private Labels() {}

    /** The shape of scores with one class along their class axis: what labels that pick one are reshaped to. */
    static Shape shapeFor(String loss, Shape scores, Shape labels, int axis) {
        int axes = scores.dimension();
        int at = axis < 0 ? axis + axes : axis;
        if (axes < 2 || at < 1 || at >= axes) {
            throw new DataException("Losses." + loss + " got " + noun(loss) + " of shape " + scores + ", but needs "
                    + (at == 1 || axes < 2
                            ? "(samples, classes) or (samples, classes, ...)."
                            : "classes on axis " + axis + "."));
        }
        if (scores.get(at) < 2) {
            throw new DataException("Losses." + loss + " got " + noun(loss) + " of shape " + scores
                    + ": over a single class it is always 0. Use Losses.bceWithLogits for a binary head of one unit.");
        }
        if (scores.size() == 0) {
            throw new DataException(
                    "Losses." + loss + " got " + noun(loss) + " of shape " + scores + ", which hold no value.");
        }
        long[] picked = scores.getShape().clone();
        picked[at] = 1;
        Shape withClassAxis = new Shape(picked);
        Shape withoutClassAxis = without(scores, at);
        if (!labels.equals(withoutClassAxis) && !labels.equals(withClassAxis)) {
            throw new DataException("Losses." + loss + " got " + noun(loss) + " of shape " + scores
                    + " and labels of shape " + labels + ". It needs one class index a sample: labels of shape "
                    + withoutClassAxis + " or " + withClassAxis + remedy(loss, scores, labels, at));
        }
        return withClassAxis;
    }

    /** A shape without one of its axes. */
    static Shape without(Shape shape, int axis) {
        int at = axis < 0 ? axis + shape.dimension() : axis;
        return shape.slice(0, at).addAll(shape.slice(at + 1));
    }

    private static String noun(String loss) {
        return loss.equals("crossEntropy") ? "logits" : "a prediction";
    }

    private static String remedy(String loss, Shape scores, Shape labels, int axis) {
        if (labels.equals(scores)) {
            return "; turn one-hot labels into indices with argMax(" + axis + ")"
                    + (loss.equals("crossEntropy")
                            ? ", or give probabilities together with CrossEntropyOptions."
                            : ".");
        }
        int last = scores.dimension() - 1;
        Shape places = scores.slice(0, Math.max(0, last));
        if (last > 1 && axis == 1 && (labels.equals(places) || labels.equals(places.addAll(new Shape(1))))) {
            return ". The classes are axis 1, but here they seem to be the last: flatten both, with"
                    + " logits.reshape(-1, " + scores.get(last) + ") and labels.flatten(), or give"
                    + " CrossEntropyOptions with classAxis(-1).";
        }
        return ".";
    }

    /** A new array of INT64 indices. */
    static NDArray toIndices(String loss, NDArray labels, Shape shape) {
        if (labels.getDataType() == DataType.INT64) {
            return labels.reshape(shape);
        }
        if (labels.getDataType().isFloating()) {
            requireWholeNumbers(loss, labels);
        }
        try (NDArray indices = labels.toType(DataType.INT64, true)) {
            return indices.reshape(shape);
        }
    }

    /** Explains a failed pick by the first label that is no class, or gives the failure back. */
    static RuntimeException diagnose(String loss, NDArray labels, long classes, long exempt, EngineException failure) {
        Number[] values = labels.toArray();
        for (int i = 0; i < values.length; i++) {
            long label = values[i].longValue();
            if ((label < 0 || label >= classes) && label != exempt) {
                return new DataException(
                        "Losses." + loss + " got label " + label + " at " + Elements.row(labels, i) + ", but there are "
                                + classes + " classes (0.." + (classes - 1) + ")." + padding(loss, label),
                        failure);
            }
        }
        return failure;
    }

    private static String padding(String loss, long label) {
        boolean ignores = loss.equals("crossEntropy") || loss.equals("nll");
        return label < 0 && ignores
                ? " If it marks padding, give the loss CrossEntropyOptions with ignoreIndex(" + label + ")."
                : "";
    }

    private static void requireWholeNumbers(String loss, NDArray labels) {
        Number[] values = labels.toArray();
        for (int i = 0; i < values.length; i++) {
            double label = values[i].doubleValue();
            if (label != Math.rint(label)) {
                throw new DataException("Losses." + loss + " got label " + label + " at " + Elements.row(labels, i)
                        + ", which is no class index. For targets that are real numbers use Losses.mse or Losses.l1.");
            }
        }
    }
}
