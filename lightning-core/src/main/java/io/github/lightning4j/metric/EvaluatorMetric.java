package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.evaluator.AbstractAccuracy;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.loss.HingeLoss;
import ai.djl.training.loss.L1Loss;
import ai.djl.training.loss.L2Loss;
import ai.djl.training.loss.QuantileL1Loss;
import ai.djl.training.loss.SigmoidBinaryCrossEntropyLoss;
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Require;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.name.ClassName;
import java.util.Arrays;
import java.util.List;

/**
 * An {@link Evaluator} of DJL as a metric: its accuracies, and its losses of one prediction. The value is the mean over
 * samples, also of losses, of which DJL has the mean over batches. What DJL computes wrongly without saying so is refused: the
 * accuracy of one column, which is always 1; cross entropy of labels that are no class indices, or of probabilities; the
 * binary cross entropy {@code fromSigmoid}, whose sign is wrong; L1 with a weight, which drops the prediction; hinge loss of
 * other labels than -1 and 1.
 */
public final class EvaluatorMetric implements BatchMetric {
    private static final String KEY = "lightning4j";
    private static final List<Class<? extends Evaluator>> LOSSES = List.of(
            L1Loss.class,
            L2Loss.class,
            QuantileL1Loss.class,
            SigmoidBinaryCrossEntropyLoss.class,
            SoftmaxCrossEntropyLoss.class,
            HingeLoss.class);

    private final Evaluator evaluator;
    private final MeanMetric mean = new MeanMetric();

    /**
     * Wraps an evaluator, which keeps nothing of what it sees.
     *
     * @param evaluator an accuracy, or a loss of one prediction
     * @throws io.github.lightning4j.ConfigurationException if it is none of those
     */
    public EvaluatorMetric(Evaluator evaluator) {
        boolean fits =
                evaluator instanceof AbstractAccuracy || LOSSES.stream().anyMatch(each -> each.isInstance(evaluator));
        Require.that(
                fits,
                "EvaluatorMetric evaluator",
                ClassName.of(evaluator),
                "an accuracy or a loss of one prediction",
                "what it computes is no mean over samples, or does not run on PyTorch");
        this.evaluator = evaluator;
    }

    /**
     * Adds a batch.
     *
     * @param predictions as the evaluator takes them, with samples on the first axis
     * @param labels as the evaluator takes them, as many
     * @throws DataException if DJL would compute something wrong; nothing is added then
     */
    @Override
    public void update(NDArray predictions, NDArray labels) {
        check(predictions.getShape(), labels);
        if (labels.size() == 0) {
            return;
        }
        double value = valueOf(new NDList(predictions), new NDList(labels));
        if (!(evaluator instanceof AbstractAccuracy) && value < 0) {
            throw new DataException(ClassName.of(evaluator) + " gave " + value + ", but a loss is 0 or more. Give it"
                    + " logits, and no weight, or use a metric of this library.");
        }
        mean.update(
                value,
                labels.getShape().dimension() == 0 ? 1 : labels.getShape().get(0));
    }

    private double valueOf(NDList predictions, NDList labels) {
        if (evaluator instanceof AbstractAccuracy) {
            evaluator.addAccumulator(KEY);
            evaluator.updateAccumulator(KEY, labels, predictions);
            return evaluator.getAccumulator(KEY);
        }
        try (NDArray loss = evaluator.evaluate(labels, predictions)) {
            return Arrays.stream(Numbers.of(loss)).average().orElseThrow();
        }
    }

    private void check(Shape shape, NDArray labels) {
        if (evaluator instanceof ai.djl.training.evaluator.Accuracy && shape.dimension() > 1 && shape.get(1) == 1) {
            throw refused("predictions " + shape + ", whose accuracy it always finds to be 1", "BinaryAccuracy");
        }
        double[] values = Numbers.of(labels);
        if (evaluator instanceof SoftmaxCrossEntropyLoss
                && (shape.equals(labels.getShape())
                        || Arrays.stream(values).anyMatch(value -> value != Math.rint(value)))) {
            throw refused("labels of shape " + labels.getShape() + " that are no class indices", "labels.argMax(1)");
        }
        if (evaluator instanceof HingeLoss && Arrays.stream(values).anyMatch(value -> Math.abs(value) != 1)) {
            throw refused("labels other than -1 and 1", "labels.mul(2).sub(1)");
        }
        if (evaluator instanceof L1Loss) {
            checkWeight(labels);
        }
    }

    /** With a weight, DJL's L1 of equal arrays is not 0. */
    private void checkWeight(NDArray labels) {
        try (NDArray ones = labels.onesLike();
                NDArray loss = evaluator.evaluate(new NDList(ones), new NDList(ones))) {
            if (Arrays.stream(Numbers.of(loss)).anyMatch(value -> value != 0)) {
                throw refused("a weight, with which DJL drops the prediction", "L1Loss without a weight");
            }
        }
    }

    private DataException refused(String what, String remedy) {
        return new DataException(ClassName.of(evaluator) + " got " + what + ". Use " + remedy + ".");
    }

    @Override
    public double compute() {
        return mean.compute();
    }

    @Override
    public void reset() {
        mean.reset();
    }

    @Override
    public void save(StateWriter state) {
        mean.save(state);
    }

    @Override
    public void load(StateReader state) {
        mean.load(state);
    }
}
