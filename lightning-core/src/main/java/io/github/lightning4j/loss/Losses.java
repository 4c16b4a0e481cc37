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
     * @throws DataException if shapes do not fit, logits are no floating point numbers, or a label is not a class; a GPU
     *     reports the latter by its own error
     */
    public static NDArray crossEntropy(NDArray logits, NDArray labels) {
        Inputs.require("crossEntropy", logits, labels);
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
     * @throws DataException if the shapes differ or hold nothing, or if the prediction is no floating point array
     */
    public static NDArray l1(NDArray prediction, NDArray target) {
        Inputs.requireSameShape("l1", prediction, target);
        try (NDArray difference = difference(prediction, target);
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
     * @throws DataException if the shapes differ or hold nothing, or if the prediction is no floating point array
     */
    public static NDArray mse(NDArray prediction, NDArray target) {
        Inputs.requireSameShape("mse", prediction, target);
        try (NDArray difference = difference(prediction, target);
                NDArray square = difference.square()) {
            return square.mean();
        }
    }

    /**
     * The binary cross entropy between sigmoid of the logits and targets: {@code mean(-y log s(x) - (1 - y) log(1 -
     * s(x)))}, computed so that no logit is too large and no gradient is lost to rounding, however sure the logits are.
     *
     * @param logits of any shape
     * @param targets of the same shape, probabilities from 0 to 1; other dtypes are converted to that of the logits
     * @return a scalar with a graph
     * @throws DataException if the shapes differ or hold nothing, if logits are no floating point numbers, or if a target
     *     is no probability; the latter is looked at for float32 on the CPU alone
     */
    public static NDArray bceWithLogits(NDArray logits, NDArray targets) {
        Inputs.requireSameShape("bceWithLogits", logits, targets);
        DataType type = logits.getDataType();
        if (targets.getDataType() == type) {
            return binaryCrossEntropy(logits, targets);
        }
        try (NDArray converted = targets.toType(type, true)) {
            return binaryCrossEntropy(logits, converted);
        }
    }

    /** max(x, 0) (1 - y) - min(x, 0) y + log(1 + e^-|x|): the large parts of a gradient are exact zeros where it is small. */
    private static NDArray binaryCrossEntropy(NDArray x, NDArray y) {
        Labels.requireProbabilities(y);
        try (NDArray zero = x.getManager().zeros(new Shape(), x.getDataType());
                NDArray one = x.getManager().ones(new Shape(), x.getDataType());
                NDArray positive = x.maximum(zero);
                NDArray negative = x.minimum(zero);
                NDArray complement = one.sub(y);
                NDArray ofPositive = positive.mul(complement);
                NDArray ofNegative = negative.mul(y);
                NDArray linear = ofPositive.sub(ofNegative);
                NDArray minusMagnitude = negative.sub(positive);
                NDArray tail = Activation.softPlus(minusMagnitude);
                NDArray loss = linear.add(tail)) {
            return loss.mean();
        }
    }

    /** Like torch's, and for boolean targets too, which torch does not subtract. */
    private static NDArray difference(NDArray prediction, NDArray target) {
        if (target.getDataType() != DataType.BOOLEAN) {
            return prediction.sub(target);
        }
        try (NDArray numbers = target.toType(prediction.getDataType(), true)) {
            return prediction.sub(numbers);
        }
    }
}
