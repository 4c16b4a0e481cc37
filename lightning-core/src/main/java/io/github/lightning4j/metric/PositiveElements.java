package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.DataException;

/** Reads predictions of the binary case and of labels: 1 for each element that is positive. */
record PositiveElements(String owner, ClassSetup.Counting counting) {
    int[] of(NDArray predictions, Shape labels, int[] expected) {
        checkShape(predictions.getShape(), labels);
        boolean scores = predictions.getDataType().isFloating();
        double threshold = thresholdFor(predictions.getDataType());
        double[] values = Numbers.of(predictions);
        int[] positive = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            if (expected[i] >= 0) {
                positive[i] = (scores ? probability(values[i], i) > threshold : isOne(values[i], i)) ? 1 : 0;
            }
        }
        return positive;
    }

    /** A score that equals the threshold as far as its dtype can tell is not above it. */
    private double thresholdFor(DataType type) {
        return type == DataType.FLOAT32 && !counting.logits() ? (float) counting.threshold() : counting.threshold();
    }

    void checkShape(Shape predictions, Shape labels) {
        if (!predictions.equals(labels)) {
            throw new DataException(owner + " got predictions of shape " + predictions + " for labels of shape "
                    + labels + ", but takes equal shapes. Reshape one of them.");
        }
        if (counting.task() == Task.MULTILABEL && (labels.dimension() < 2 || labels.get(1) != counting.classes())) {
            throw new DataException(owner + " of " + counting.classes() + " labels got shape " + labels
                    + ", but takes (N, " + counting.classes() + ") with any further axes.");
        }
    }

    double probability(double score, int position) {
        if (counting.logits() && !Double.isNaN(score)) {
            return 1 / (1 + Math.exp(-score));
        }
        if (!(score >= 0 && score <= 1)) {
            throw new DataException(owner + " got score " + score + " at position " + position
                    + ", but a probability is from 0 to 1."
                    + (Double.isNaN(score) ? "" : " If scores are logits, say so by logits()."));
        }
        return score;
    }

    private boolean isOne(double value, int position) {
        if (value != 0 && value != 1) {
            throw new DataException(owner + " got prediction " + value + " at position " + position
                    + ", but a predicted label is 0 or 1.");
        }
        return value == 1;
    }
}
