package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Metric;
import io.github.lightning4j.Require;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;

/**
 * The share of samples whose predicted class is the label: right ones over all ones, so that a short last batch counts
 * for what it holds.
 */
public final class Accuracy implements Metric {
    private final int numClasses;
    private long correct;
    private long total;

    /**
     * Creates an accuracy.
     *
     * @param numClasses the number of classes, 2 or more
     * @throws ConfigurationException if {@code numClasses} is below 2
     */
    public Accuracy(int numClasses) {
        this.numClasses =
                Require.atLeast(2, numClasses, "Accuracy numClasses", "a binary head of one unit has 2 as well");
    }

    /**
     * Adds a batch.
     *
     * @param predictions one of
     *     <ul>
     *       <li>scores of each class (logits or probabilities), shape (N, C) or (N, C, d1, ..., dk): the largest wins, the
     *           first of equals
     *       <li>class indices of an integer dtype, in the labels' shape
     *       <li>for 2 classes, logits of class 1 in the labels' shape: class 1 where the logit is above 0
     *     </ul>
     * @param labels class indices from 0 to C - 1 of shape (N) or (N, 1), with further axes (N, d1, ..., dk)
     * @throws DataException if the shapes do not fit, or a prediction or label is not one of the classes
     */
    public void update(NDArray predictions, NDArray labels) {
        int[] expected = ClassIndices.ofLabels(labels, numClasses);
        int[] predicted = ClassIndices.ofPredictions(predictions, labels.getShape(), numClasses);
        for (int i = 0; i < expected.length; i++) {
            if (expected[i] == predicted[i]) {
                correct++;
            }
        }
        total += expected.length;
    }

    @Override
    public double compute() {
        return (double) correct / total;
    }

    @Override
    public void reset() {
        correct = 0;
        total = 0;
    }

    @Override
    public void save(StateWriter state) {
        state.putLong("correct", correct);
        state.putLong("total", total);
    }

    @Override
    public void load(StateReader state) {
        correct = state.getLong("correct");
        total = state.getLong("total");
    }
}
