package io.github.lightning4j.loss;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.torch.TorchFunction;

/**
 * Loss functions with torch's values and gradients. Each is the mean over all elements, unless it is given a
 * {@link LossReduction} or options. What has settings is compiled when a setting is first used, so settings are not meant
 * to change with every step.
 *
 * <p>Shapes are checked rather than broadcast: a prediction of shape (64, 1) against a target of shape (64) is an error
 * here, where a broadcast would silently compare each with each. Results and intermediate arrays belong to the
 * prediction's manager, or to the open memory scope.
 */
public final class Losses {
    private static final long NONE_EXEMPT = 0;

    private static final Formula L1 = Formula.operator("x, t", "torch.l1_loss(x, t.to(x.dtype), {r})");
    private static final Formula MSE = Formula.operator("x, t", "torch.mse_loss(x, t.to(x.dtype), {r})");
    private static final Formula SMOOTH_L1 =
            Formula.operator("x, t", "torch.smooth_l1_loss(x, t.to(x.dtype), {r}, {0})");
    private static final Formula HUBER = Formula.operator("x, t", "torch.huber_loss(x, t.to(x.dtype), {r}, {0})");
    private static final Formula BCE =
            Formula.operator("x, t", "torch.binary_cross_entropy(x, t.to(x.dtype), None, {r})");
    private static final Formula FOCAL = Formula.elementwise(
            "x, t",
            "torch.binary_cross_entropy_with_logits(x, t.to(x.dtype), None, None, 0)"
                    + " * (1 - (torch.sigmoid(x) * t.to(x.dtype) + (1 - torch.sigmoid(x)) * (1 - t.to(x.dtype)))) ** {1}"
                    + " * ({0} * t.to(x.dtype) + (1 - {0}) * (1 - t.to(x.dtype)))");
    private static final Formula KL_DIV = Formula.operator("x, t", "torch.kl_div(x, t.to(x.dtype), {r})");
    private static final Formula KL_DIV_BATCH_MEAN =
            Formula.elementwise("x, t", "torch.kl_div(x, t.to(x.dtype), 2) / x.size(0)");
    private static final Formula POISSON_NLL =
            Formula.operator("x, t", "torch.poisson_nll_loss(x, t.to(x.dtype), True, False, 1e-8, {r})");
    private static final Formula GAUSSIAN_NLL = Formula.elementwise(
            "x, t, v",
            "0.5 * (torch.log(v + (v.clamp(min={0}) - v).detach())"
                    + " + (x - t.to(x.dtype)) ** 2 / (v + (v.clamp(min={0}) - v).detach()))");
    private static final Formula HINGE_EMBEDDING =
            Formula.operator("x, t", "torch.hinge_embedding_loss(x, t.to(x.dtype), {0}, {r})");
    private static final Formula SOFT_MARGIN =
            Formula.operator("x, t", "torch.soft_margin_loss(x, t.to(x.dtype), {r})");
    private static final Formula MULTI_MARGIN =
            Formula.operator("x, t", "torch.multi_margin_loss(x, t, int({0}), {1}, None, {r})");
    private static final Formula MARGIN_RANKING =
            Formula.operator("a, b, t", "torch.margin_ranking_loss(a, b, t.to(a.dtype), {0}, {r})");
    private static final Formula COSINE_EMBEDDING =
            Formula.operator("a, b, t", "torch.cosine_embedding_loss(a, b, t.to(a.dtype), {0}, {r})");
    private static final Formula TRIPLET_MARGIN =
            Formula.operator("a, p, n", "torch.triplet_margin_loss(a, p, n, {0}, {1}, 1e-6, False, {r})");
    private static final Formula MULTI_LABEL_MARGIN =
            Formula.operator("x, t", "torch.multilabel_margin_loss(x, t, {r})");
    private static final Formula MULTI_LABEL_SOFT_MARGIN = Formula.elementwise(
            "x, t",
            "-(t.to(x.dtype) * torch.log_sigmoid(x) + (1 - t.to(x.dtype)) * torch.log_sigmoid(-x)).sum([-1]) / x.size(-1)");
    private static final Formula CLASSES_SECOND =
            Formula.elementwise("t, x", "torch.movedim(t.to(x.dtype), int({0}), 1)");
    private static final Formula CTC = Formula.operator(
            "x, t, input_lengths, target_lengths",
            "torch.ctc_loss(x, t, input_lengths, target_lengths, int({0}), {r}, False)");

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
        Shape picked = Labels.shapeFor("crossEntropy", logits.getShape(), labels.getShape(), 1);
        try (NDArray classes = Labels.toIndices("crossEntropy", labels, picked);
                NDArray logProbabilities = logits.logSoftmax(1);
                NDArray chosen = logProbabilities.gather(classes, 1);
                NDArray mean = chosen.mean()) {
            return mean.neg();
        } catch (EngineException e) {
            throw Labels.diagnose("crossEntropy", labels, logits.getShape().get(1), NONE_EXEMPT, e);
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
        Elements.requireProbabilities("bceWithLogits", y);
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

    /**
     * The cross entropy between softmax of the logits and classes or probabilities, with settings.
     *
     * @param logits unnormalised scores of shape (N, C), (N, C, d1, ..., dk), or with C on the axis that the options name
     * @param targets class indices of the logits' shape without the class axis, or with 1 there; or probabilities of the
     *     logits' shape: floating point numbers, for which class weights and label smoothing count but no ignored label
     * @param options built once, not in every step
     * @return a scalar, or without reduction one value a sample, of the shape of indices without class axis; with a graph
     * @throws DataException if shapes do not fit, the number of class weights is not that of the classes, or a label is
     *     neither a class nor ignored; a GPU reports the latter by its own error
     */
    public static NDArray crossEntropy(NDArray logits, NDArray targets, CrossEntropyOptions options) {
        Inputs.require("crossEntropy", logits, targets);
        Shape shape = logits.getShape();
        if (targets.getDataType().isFloating() && targets.getShape().equals(shape)) {
            requireWeights("crossEntropy", shape, options);
            try (NDArray aligned =
                    CLASSES_SECOND.with(LossReduction.NONE, options.classAxis).apply(targets, logits)) {
                return options.crossEntropy.apply(logits, aligned);
            }
        }
        return ofClasses("crossEntropy", options.crossEntropy, logits, targets, options);
    }

    /**
     * The negative log likelihood of one class per sample: {@code -mean(logProbabilities[label])}, the cross entropy of
     * what {@code logSoftmax} gave.
     *
     * @param logProbabilities of shape (N, C) or (N, C, d1, ..., dk)
     * @param labels class indices of shape (N) or (N, 1); with further axes (N, d1, ..., dk) or (N, 1, d1, ..., dk)
     * @return a scalar with a graph
     * @throws DataException as {@link #crossEntropy(NDArray, NDArray)}
     */
    public static NDArray nll(NDArray logProbabilities, NDArray labels) {
        return nll(logProbabilities, labels, CrossEntropyOptions.DEFAULT);
    }

    /**
     * The negative log likelihood with settings.
     *
     * @param logProbabilities of shape (N, C), (N, C, d1, ..., dk), or with C on the axis that the options name
     * @param labels class indices of that shape without the class axis, or with 1 there
     * @param options without label smoothing, which torch has for cross entropy alone
     * @return a scalar, or without reduction one value a sample; with a graph
     * @throws DataException as {@link #crossEntropy(NDArray, NDArray, CrossEntropyOptions)}
     * @throws io.github.lightning4j.ConfigurationException if the options smooth labels
     */
    public static NDArray nll(NDArray logProbabilities, NDArray labels, CrossEntropyOptions options) {
        Inputs.require("nll", logProbabilities, labels);
        Require.that(
                options.labelSmoothing == 0,
                "labelSmoothing of Losses.nll",
                options.labelSmoothing,
                "0",
                "it is for Losses.crossEntropy, which takes logits");
        return ofClasses("nll", options.nll, logProbabilities, labels, options);
    }

    private static NDArray ofClasses(
            String loss, TorchFunction function, NDArray scores, NDArray labels, CrossEntropyOptions options) {
        Shape shape = scores.getShape();
        Labels.shapeFor(loss, shape, labels.getShape(), options.classAxis);
        requireWeights(loss, shape, options);
        try (NDArray classes = Labels.toIndices(loss, labels, Labels.without(shape, options.classAxis))) {
            return function.apply(scores, classes);
        } catch (EngineException e) {
            throw Labels.diagnose(loss, labels, classes(shape, options), options.ignoreIndex, e);
        }
    }

    private static long classes(Shape scores, CrossEntropyOptions options) {
        int axis = options.classAxis;
        return scores.get(axis < 0 ? axis + scores.dimension() : axis);
    }

    private static void requireWeights(String loss, Shape scores, CrossEntropyOptions options) {
        int weights = options.classWeights.length;
        if (weights > 0 && weights != classes(scores, options)) {
            throw new DataException(
                    "Losses." + loss + " has " + weights + " class weights for scores of shape " + scores + " with "
                            + classes(scores, options) + " classes. Give CrossEntropyOptions one weight a class.");
        }
    }

    /**
     * The binary cross entropy between sigmoid of the logits and targets, with settings.
     *
     * @param logits of any shape
     * @param targets of the same shape, probabilities from 0 to 1
     * @param options built once, not in every step
     * @return a scalar, or without reduction an array of the logits' shape; with a graph
     * @throws DataException as {@link #bceWithLogits(NDArray, NDArray)}, and if the number of weights does not fit the
     *     last axis
     */
    public static NDArray bceWithLogits(NDArray logits, NDArray targets, BceOptions options) {
        Inputs.requireSameShape("bceWithLogits", logits, targets);
        Inputs.requireLastAxis("bceWithLogits", "posWeight", options.positiveWeights.length, logits.getShape());
        Inputs.requireLastAxis("bceWithLogits", "weight", options.weights.length, logits.getShape());
        Elements.requireProbabilities("bceWithLogits", targets);
        return options.function.apply(logits, targets);
    }

    /**
     * The binary cross entropy between probabilities and targets: {@code mean(-y log x - (1 - y) log(1 - x))}, each
     * logarithm -100 at least. {@link #bceWithLogits(NDArray, NDArray)} is more exact.
     *
     * @param probabilities from 0 to 1, of any shape
     * @param targets of the same shape, from 0 to 1
     * @return a scalar with a graph
     * @throws DataException if the shapes differ, or if a probability or target is outside of 0 to 1
     */
    public static NDArray bce(NDArray probabilities, NDArray targets) {
        return bce(probabilities, targets, LossReduction.MEAN);
    }

    /**
     * The binary cross entropy between probabilities and targets.
     *
     * @param probabilities from 0 to 1, of any shape
     * @param targets of the same shape, from 0 to 1
     * @param reduction what becomes of the losses of single elements
     * @return a scalar, or without reduction an array of that shape; with a graph
     * @throws DataException if the shapes differ, or if a probability or target is outside of 0 to 1
     */
    public static NDArray bce(NDArray probabilities, NDArray targets, LossReduction reduction) {
        Inputs.requireSameShape("bce", probabilities, targets);
        Elements.requireProbabilities("bce", targets);
        try {
            return BCE.of(probabilities, targets, reduction);
        } catch (EngineException e) {
            Elements.requireUnitInterval("bce", probabilities);
            throw e;
        }
    }

    /**
     * The focal loss of single labels (Lin et al. 2017, <a href="https://arxiv.org/abs/1708.02002">1708.02002</a>),
     * torchvision's {@code sigmoid_focal_loss}: the binary cross entropy times {@code alpha_t (1 - p_t)^gamma}.
     *
     * @param logits of any shape
     * @param targets of the same shape, 0 or 1
     * @param alpha how much positive targets count, from 0 to 1; the paper takes 0.25
     * @param gamma how much sure predictions are played down, 0 or more; the paper takes 2
     * @param reduction what becomes of the losses of single elements; torchvision's default is none
     * @return a scalar, or without reduction an array of that shape; with a graph
     * @throws DataException if the shapes differ, or if a target is no probability
     */
    public static NDArray focal(NDArray logits, NDArray targets, double alpha, double gamma, LossReduction reduction) {
        Inputs.requireSameShape("focal", logits, targets);
        Elements.requireProbabilities("focal", targets);
        Require.fraction(alpha, "alpha of Losses.focal");
        Require.notNegative(gamma, "gamma of Losses.focal");
        return FOCAL.of(logits, targets, reduction, alpha, gamma);
    }

    /**
     * The absolute errors.
     *
     * @param prediction of any shape
     * @param target of the same shape
     * @param reduction what becomes of them
     * @return a scalar, or without reduction an array of that shape; with a graph
     * @throws DataException if the shapes differ or hold nothing, or if the prediction is no floating point array
     */
    public static NDArray l1(NDArray prediction, NDArray target, LossReduction reduction) {
        Inputs.requireSameShape("l1", prediction, target);
        return L1.of(prediction, target, reduction);
    }

    /**
     * The squared errors.
     *
     * @param prediction of any shape
     * @param target of the same shape
     * @param reduction what becomes of them
     * @return a scalar, or without reduction an array of that shape; with a graph
     * @throws DataException if the shapes differ or hold nothing, or if the prediction is no floating point array
     */
    public static NDArray mse(NDArray prediction, NDArray target, LossReduction reduction) {
        Inputs.requireSameShape("mse", prediction, target);
        return MSE.of(prediction, target, reduction);
    }

    /**
     * The absolute error, squared near 0: {@code d^2 / (2 beta)} where {@code d < beta}, else {@code d - beta / 2}.
     *
     * @param prediction of any shape
     * @param target of the same shape
     * @param beta where the one becomes the other, 0 or more; torch's default is 1
     * @param reduction what becomes of the losses of single elements
     * @return a scalar, or without reduction an array of that shape; with a graph
     * @throws DataException if the shapes differ or hold nothing, or if the prediction is no floating point array
     */
    public static NDArray smoothL1(NDArray prediction, NDArray target, double beta, LossReduction reduction) {
        Inputs.requireSameShape("smoothL1", prediction, target);
        return SMOOTH_L1.of(prediction, target, reduction, Require.notNegative(beta, "beta of Losses.smoothL1"));
    }

    /**
     * The Huber loss: {@code d^2 / 2} where {@code d < delta}, else {@code delta (d - delta / 2)}.
     *
     * @param prediction of any shape
     * @param target of the same shape
     * @param delta where the one becomes the other, above 0; torch's default is 1
     * @param reduction what becomes of the losses of single elements
     * @return a scalar, or without reduction an array of that shape; with a graph
     * @throws DataException if the shapes differ or hold nothing, or if the prediction is no floating point array
     */
    public static NDArray huber(NDArray prediction, NDArray target, double delta, LossReduction reduction) {
        Inputs.requireSameShape("huber", prediction, target);
        return HUBER.of(prediction, target, reduction, Require.finitePositive(delta, "delta of Losses.huber"));
    }

    /**
     * The mean quantile (pinball) loss: {@code max(q e, (q - 1) e)} with {@code e = target - prediction}, whose minimum is
     * the quantile q of the target (Koenker and Bassett 1978).
     *
     * @param prediction of the target's shape with one more, last axis: one prediction a quantile
     * @param target of any shape
     * @param quantiles each above 0 and below 1; 0.5 is the median
     * @return a scalar with a graph: the mean over elements and quantiles
     * @throws DataException if the shapes do not fit, or if the prediction is no floating point array
     */
    public static NDArray quantile(NDArray prediction, NDArray target, double... quantiles) {
        Inputs.require("quantile", prediction, target);
        for (double quantile : quantiles) {
            Require.that(
                    quantile > 0 && quantile < 1, "a quantile of Losses.quantile", quantile, "above 0 and below 1", "");
        }
        Shape expected = target.getShape().addAll(new Shape(quantiles.length));
        if (!prediction.getShape().equals(expected) || expected.size() == 0) {
            throw new DataException("Losses.quantile got a prediction of shape " + prediction.getShape()
                    + " and a target of shape " + target.getShape() + " for " + quantiles.length
                    + " quantiles. It needs a prediction of shape " + expected + ", one value a quantile.");
        }
        return Quantiles.loss(quantiles).apply(prediction, target);
    }

    /**
     * The Kullback-Leibler divergence of predicted log-probabilities from probabilities, summed over everything and divided
     * by the batch size: torch's {@code reduction="batchmean"}, the divergence by its definition.
     *
     * @param logProbabilities of any shape, samples first
     * @param target probabilities of the same shape
     * @return a scalar with a graph
     * @throws DataException if the shapes differ or hold nothing, or if the prediction is no floating point array
     */
    public static NDArray klDiv(NDArray logProbabilities, NDArray target) {
        Inputs.requireSameShape("klDiv", logProbabilities, target);
        return KL_DIV_BATCH_MEAN.of(logProbabilities, target, LossReduction.NONE);
    }

    /**
     * The parts {@code y (log y - x)} of the Kullback-Leibler divergence, of which torch takes the mean over all elements by
     * default, which is not the divergence.
     *
     * @param logProbabilities of any shape
     * @param target probabilities of the same shape
     * @param reduction what becomes of them
     * @return a scalar, or without reduction an array of that shape; with a graph
     * @throws DataException if the shapes differ or hold nothing, or if the prediction is no floating point array
     */
    public static NDArray klDiv(NDArray logProbabilities, NDArray target, LossReduction reduction) {
        Inputs.requireSameShape("klDiv", logProbabilities, target);
        return KL_DIV.of(logProbabilities, target, reduction);
    }

    /**
     * The negative log likelihood of counts under Poisson's distribution, up to a constant: {@code e^x - y x}.
     *
     * @param logRates of any shape
     * @param counts of the same shape, 0 or more
     * @param reduction what becomes of the losses of single elements
     * @return a scalar, or without reduction an array of that shape; with a graph
     * @throws DataException if the shapes differ or hold nothing, or if the prediction is no floating point array
     */
    public static NDArray poissonNll(NDArray logRates, NDArray counts, LossReduction reduction) {
        Inputs.requireSameShape("poissonNll", logRates, counts);
        return POISSON_NLL.of(logRates, counts, reduction);
    }

    /**
     * The negative log likelihood under normal distributions, up to a constant: {@code (log v + (x - y)^2 / v) / 2}, the
     * variance 1e-6 at least.
     *
     * @param mean of any shape
     * @param target of the same shape
     * @param variance of the same shape, or with 1 in place of the last axis
     * @param reduction what becomes of the losses of single elements
     * @return a scalar, or without reduction an array of that shape; with a graph
     * @throws DataException if the shapes do not fit or a variance is negative, which is looked at on the CPU alone
     */
    public static NDArray gaussianNll(NDArray mean, NDArray target, NDArray variance, LossReduction reduction) {
        Inputs.requireSameShape("gaussianNll", mean, target);
        Inputs.requireVariance(mean, variance);
        return GAUSSIAN_NLL.with(reduction, 1e-6).apply(mean, target, variance);
    }

    /**
     * The hinge loss of distances: {@code x} for a target of 1, {@code max(0, margin - x)} for -1.
     *
     * @param distances of any shape
     * @param targets of the same shape, 1 or -1
     * @param margin finite; torch's default is 1
     * @param reduction what becomes of the losses of single elements
     * @return a scalar, or without reduction an array of that shape; with a graph
     * @throws DataException if the shapes differ, or if a target is neither 1 nor -1, which is looked at on the CPU alone
     */
    public static NDArray hingeEmbedding(NDArray distances, NDArray targets, double margin, LossReduction reduction) {
        Inputs.requireSameShape("hingeEmbedding", distances, targets);
        Elements.requireSigns("hingeEmbedding", targets);
        return HINGE_EMBEDDING.of(distances, targets, reduction, Require.finite(margin, "margin of hingeEmbedding"));
    }

    /**
     * The logistic loss of signed targets: {@code log(1 + e^(-y x))}.
     *
     * @param prediction of any shape
     * @param targets of the same shape, 1 or -1
     * @param reduction what becomes of the losses of single elements
     * @return a scalar, or without reduction an array of that shape; with a graph
     * @throws DataException if the shapes differ, or if a target is neither 1 nor -1, which is looked at on the CPU alone
     */
    public static NDArray softMargin(NDArray prediction, NDArray targets, LossReduction reduction) {
        Inputs.requireSameShape("softMargin", prediction, targets);
        Elements.requireSigns("softMargin", targets);
        return SOFT_MARGIN.of(prediction, targets, reduction);
    }

    /**
     * The hinge loss of classes: the mean over the other classes of {@code max(0, margin - x[y] + x[i])^p}.
     *
     * @param scores of shape (N, C)
     * @param labels class indices of shape (N) or (N, 1)
     * @param p 1 or 2
     * @param margin finite; torch's default is 1
     * @param reduction what becomes of the losses of single samples
     * @return a scalar, or without reduction of shape (N); with a graph
     * @throws DataException as {@link #crossEntropy(NDArray, NDArray)}
     */
    public static NDArray multiMargin(NDArray scores, NDArray labels, int p, double margin, LossReduction reduction) {
        Inputs.require("multiMargin", scores, labels);
        Inputs.requireAxes("multiMargin", scores, 2, "(samples, classes)");
        Require.that(p == 1 || p == 2, "p of Losses.multiMargin", p, "1 or 2", "");
        Require.finite(margin, "margin of Losses.multiMargin");
        Shape shape = scores.getShape();
        Labels.shapeFor("multiMargin", shape, labels.getShape(), 1);
        try (NDArray classes = Labels.toIndices("multiMargin", labels, shape.slice(0, 1))) {
            return MULTI_MARGIN.of(scores, classes, reduction, p, margin);
        } catch (EngineException e) {
            throw Labels.diagnose("multiMargin", labels, shape.get(1), NONE_EXEMPT, e);
        }
    }

    /**
     * Whether the first of two scores is larger where the target is 1, smaller where it is -1: {@code max(0, margin - y (a
     * - b))}.
     *
     * @param first of any shape
     * @param second of the same shape
     * @param targets of the same shape, 1 or -1
     * @param margin finite; torch's default is 0
     * @param reduction what becomes of the losses of single pairs
     * @return a scalar, or without reduction an array of that shape; with a graph
     * @throws DataException if the shapes differ, or if a target is neither 1 nor -1, which is looked at on the CPU alone
     */
    public static NDArray marginRanking(
            NDArray first, NDArray second, NDArray targets, double margin, LossReduction reduction) {
        Inputs.requireSameShape("marginRanking", first, second);
        Inputs.requireSameShape("marginRanking", first, targets);
        Elements.requireSigns("marginRanking", targets);
        Require.finite(margin, "margin of Losses.marginRanking");
        return MARGIN_RANKING.with(reduction, margin).apply(first, second, targets);
    }

    /**
     * Whether two vectors point in one direction: {@code 1 - cos} where the target is 1, {@code max(0, cos - margin)} where
     * it is -1.
     *
     * @param first of shape (N, D)
     * @param second of the same shape
     * @param targets of shape (N), 1 or -1
     * @param margin from -1 to 1; torch's default is 0
     * @param reduction what becomes of the losses of single pairs
     * @return a scalar, or without reduction of shape (N); with a graph
     * @throws DataException if the shapes do not fit, or if a target is neither 1 nor -1, which is looked at on the CPU
     *     alone
     */
    public static NDArray cosineEmbedding(
            NDArray first, NDArray second, NDArray targets, double margin, LossReduction reduction) {
        Inputs.requireSameShape("cosineEmbedding", first, second);
        Inputs.requireAxes("cosineEmbedding", first, 2, "(samples, size of a vector)");
        Inputs.requireTarget("cosineEmbedding", targets, first.getShape().slice(0, 1));
        Elements.requireSigns("cosineEmbedding", targets);
        Require.that(margin >= -1 && margin <= 1, "margin of Losses.cosineEmbedding", margin, "from -1 to 1", "");
        return COSINE_EMBEDDING.with(reduction, margin).apply(first, second, targets);
    }

    /**
     * Whether an anchor is nearer to its like than to another: {@code max(0, margin + |a - p| - |a - n|)}.
     *
     * @param anchor of shape (N, D)
     * @param positive of the same shape
     * @param negative of the same shape
     * @param margin above 0; torch's default is 1
     * @param norm the order of the norm, above 0; torch's default is 2
     * @param reduction what becomes of the losses of single triplets
     * @return a scalar, or without reduction of shape (N); with a graph
     * @throws DataException if the shapes differ
     */
    public static NDArray tripletMargin(
            NDArray anchor, NDArray positive, NDArray negative, double margin, double norm, LossReduction reduction) {
        Inputs.requireSameShape("tripletMargin", anchor, positive);
        Inputs.requireSameShape("tripletMargin", anchor, negative);
        Inputs.requireAxes("tripletMargin", anchor, 2, "(samples, size of a vector)");
        Require.finitePositive(margin, "margin of Losses.tripletMargin");
        Require.finitePositive(norm, "norm of Losses.tripletMargin");
        return TRIPLET_MARGIN.with(reduction, margin, norm).apply(anchor, positive, negative);
    }

    /**
     * The hinge loss of several labels a sample: {@code max(0, 1 - (x[y] - x[i])) / C} over every label y and every class i
     * that is none.
     *
     * @param scores of shape (N, C)
     * @param labels int64 of shape (N, C): the classes of each sample, then -1
     * @param reduction what becomes of the losses of single samples
     * @return a scalar, or without reduction of shape (N); with a graph
     * @throws DataException if the shapes differ, the labels are not int64, or a label is neither -1 nor a class, which is
     *     looked at on the CPU alone
     */
    public static NDArray multiLabelMargin(NDArray scores, NDArray labels, LossReduction reduction) {
        Inputs.requireSameShape("multiLabelMargin", scores, labels);
        Inputs.requireAxes("multiLabelMargin", scores, 2, "(samples, classes)");
        Inputs.requireIndices("multiLabelMargin", "labels", labels);
        Elements.requireWithin(
                "multiLabelMargin", "label", labels, -1, scores.getShape().get(1) - 1);
        return MULTI_LABEL_MARGIN.of(scores, labels, reduction);
    }

    /**
     * The binary cross entropy of several labels a sample, the mean over its classes.
     *
     * @param logits of shape (N, ..., C)
     * @param targets of the same shape, 0 or 1
     * @param reduction what becomes of the losses of single samples
     * @return a scalar, or without reduction of shape (N, ...); with a graph
     * @throws DataException if the shapes differ, or if a target is no probability
     */
    public static NDArray multiLabelSoftMargin(NDArray logits, NDArray targets, LossReduction reduction) {
        Inputs.requireSameShape("multiLabelSoftMargin", logits, targets);
        Elements.requireProbabilities("multiLabelSoftMargin", targets);
        return MULTI_LABEL_SOFT_MARGIN.of(logits, targets, reduction);
    }

    /**
     * Connectionist temporal classification (Graves et al. 2006): the negative log likelihood of label sequences over all
     * their alignments with the frames.
     *
     * @param logProbabilities of shape (T, N, C): frames, samples, classes, as {@code logSoftmax(-1)} gives them
     * @param targets int64 of shape (N, S), padded to the longest: classes from 0 to C - 1, no blanks within a length
     * @param inputLengths int64 of shape (N): how many frames each sample has, T at most
     * @param targetLengths int64 of shape (N): how many labels each sample has, S at most
     * @param blank the class that stands for no label; torch's default is 0
     * @param reduction what becomes of the losses of single samples; the mean first divides each by its target length
     * @return a scalar, or without reduction of shape (N); with a graph; infinite where a sample has too few frames
     * @throws DataException if the shapes do not fit, whole numbers are not int64, or a label or length is out of range,
     *     which is looked at on the CPU alone
     */
    public static NDArray ctc(
            NDArray logProbabilities,
            NDArray targets,
            NDArray inputLengths,
            NDArray targetLengths,
            long blank,
            LossReduction reduction) {
        Inputs.require("ctc", logProbabilities, targets);
        Inputs.requireAxes("ctc", logProbabilities, 3, "(frames, samples, classes)");
        Inputs.requireAxes("ctc", targets, 2, "(samples, labels)");
        Shape shape = logProbabilities.getShape();
        Shape samples = shape.slice(1, 2);
        Inputs.requireTarget("ctc", inputLengths, samples);
        Inputs.requireTarget("ctc", targetLengths, samples);
        Inputs.requireTarget(
                "ctc", targets, new Shape(shape.get(1), targets.getShape().get(1)));
        Inputs.requireIndices("ctc", "targets", targets);
        Inputs.requireIndices("ctc", "inputLengths", inputLengths);
        Inputs.requireIndices("ctc", "targetLengths", targetLengths);
        Require.that(blank >= 0 && blank < shape.get(2), "blank of Losses.ctc", blank, "a class", "");
        Elements.requireWithin("ctc", "label", targets, 0, shape.get(2) - 1);
        Elements.requireWithin("ctc", "input length", inputLengths, 0, shape.get(0));
        Elements.requireWithin(
                "ctc", "target length", targetLengths, 0, targets.getShape().get(1));
        return CTC.with(reduction, blank).apply(logProbabilities, targets, inputLengths, targetLengths);
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
