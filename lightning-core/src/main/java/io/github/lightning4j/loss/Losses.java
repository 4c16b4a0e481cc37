package io.github.lightning4j.loss;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import io.github.lightning4j.DataException;

/**
 * Loss functions with torch's values and gradients, each the mean over all elements.
 *
 * <p>Shapes are checked rather than broadcast: a prediction of shape (64, 1) against a target of shape (64) is an error
 * here, where a broadcast would silently compare each with each. Results and intermediate arrays belong to the
 * prediction's manager, or to the open memory scope.
 */
public final class Losses {
    private Losses() {}

    /**
     * The cross entropy between softmax of the logits and one class per sample: {@code -mean(log_softmax(logits)[label])}.
     *
     * @param logits unnormalised scores of shape (N, C) or (N, C, d1, ..., dk); N samples, C classes, 2 at least
     * @param labels class indices from 0 to C - 1 of shape (N) or (N, 1); with further axes (N, d1, ..., dk) or (N, 1, d1,
     *     ..., dk). Integer arrays are the quickest; floating point ones must hold whole numbers, which costs one look at
     *     each
     * @return a scalar with a graph
     * @throws DataException if shapes do not fit or a label is not a class; a GPU reports the latter by its own error
     */
    public static NDArray crossEntropy(NDArray logits, NDArray labels) {
        Shape picked = Labels.shapeFor(logits.getShape(), labels.getShape());
        try (NDArray classes = Labels.toIndices(labels, picked);
                NDArray logProbabilities = logits.logSoftmax(1);
                NDArray chosen = logProbabilities.gather(classes, 1);
                NDArray mean = chosen.mean()) {
            return mean.neg();
        } catch (EngineException e) {
            throw Labels.diagnose(labels, logits.getShape().get(1), e);
        }
    }

    /**
     * The mean absolute error: {@code mean(|prediction - target|)}.
     *
     * @param prediction of any shape
     * @param target of the same shape
     * @return a scalar with a graph
     * @throws DataException if the shapes differ or hold nothing
     */
    public static NDArray l1(NDArray prediction, NDArray target) {
        requireSameShape("l1", prediction, target);
        try (NDArray difference = prediction.sub(target);
                NDArray magnitude = difference.abs()) {
            return magnitude.mean();
        }
    }

    /**
     * The mean squared error: {@code mean((prediction - target)^2)}. DJL's {@code L2Loss} is half of it.
     *
     * @param prediction of any shape
     * @param target of the same shape
     * @return a scalar with a graph
     * @throws DataException if the shapes differ or hold nothing
     */
    public static NDArray mse(NDArray prediction, NDArray target) {
        requireSameShape("mse", prediction, target);
        try (NDArray difference = prediction.sub(target);
                NDArray square = difference.square()) {
            return square.mean();
        }
    }

    /**
     * The binary cross entropy between sigmoid of the logits and targets: {@code mean(-y log s(x) - (1 - y) log(1 -
     * s(x)))}, computed so that no logit is too large.
     *
     * @param logits of any shape
     * @param targets of the same shape, probabilities from 0 to 1; other dtypes are converted to that of the logits
     * @return a scalar with a graph
     * @throws DataException if the shapes differ or hold nothing, or if a target is no probability; the latter is looked
     *     at for float32 on the CPU alone
     */
    public static NDArray bceWithLogits(NDArray logits, NDArray targets) {
        requireSameShape("bceWithLogits", logits, targets);
        DataType type = logits.getDataType();
        if (targets.getDataType() == type) {
            return binaryCrossEntropy(logits, targets);
        }
        try (NDArray converted = targets.toType(type, true)) {
            return binaryCrossEntropy(logits, converted);
        }
    }

    /** x (1/2 - y) + |x|/2 + log(1 + e^-|x|): cannot overflow, and has the gradient sigmoid(x) - y at 0 too. */
    private static NDArray binaryCrossEntropy(NDArray x, NDArray y) {
        Labels.requireProbabilities(y);
        try (NDArray half = x.getManager().full(new Shape(), 0.5f, x.getDataType());
                NDArray weight = half.sub(y);
                NDArray linear = x.mul(weight);
                NDArray magnitude = x.abs();
                NDArray halfMagnitude = magnitude.mul(half);
                NDArray negative = magnitude.neg();
                NDArray tail = Activation.softPlus(negative);
                NDArray sum = linear.add(halfMagnitude);
                NDArray loss = sum.add(tail)) {
            return loss.mean();
        }
    }

    private static void requireSameShape(String loss, NDArray prediction, NDArray target) {
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
