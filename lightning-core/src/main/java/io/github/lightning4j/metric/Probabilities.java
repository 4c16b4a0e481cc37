package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.DataException;

/** Reads scores as probabilities, in the order of the array; those of labels that are ignored are not looked at. */
record Probabilities(String owner, ClassSetup.Counting counting) {
    /** Takes a probability of one class, and whether that class is the label. */
    @FunctionalInterface
    interface Sink {
        void accept(int column, double probability, boolean positive);
    }

    private boolean isMulticlass() {
        return counting.task() == Task.MULTICLASS;
    }

    int[] labels(NDArray labels) {
        return new ClassIndices(owner, counting).ofLabels(labels);
    }

    double[] of(NDArray scores, Shape labels, int[] expected) {
        if (!scores.getDataType().isFloating()) {
            throw new DataException(owner + " got predictions of dtype " + scores.getDataType()
                    + ", but takes scores of a floating point dtype.");
        }
        PositiveElements elements = new PositiveElements(owner, counting);
        if (isMulticlass()) {
            new ClassIndices(owner, counting).checkScores(scores.getShape(), labels, "");
        } else {
            elements.checkShape(scores.getShape(), labels);
        }
        double[] values = Numbers.of(scores);
        int inner = inner(scores.getShape());
        int classes = isMulticlass() ? counting.classes() : 1;
        boolean softmax = isMulticlass() && counting.logits();
        for (int sample = 0; sample < expected.length; sample++) {
            if (expected[sample] != ClassIndices.IGNORED) {
                int start = start(sample, classes, inner);
                for (int i = start; i < start + classes * inner; i += inner) {
                    values[i] = softmax ? notNaN(values[i], i) : elements.probability(notNaN(values[i], i), i);
                }
                if (softmax) {
                    softmax(values, start, inner);
                }
            }
        }
        return values;
    }

    /** Reads a batch, and only then gives what is in it: of several classes each one's. */
    void forEach(NDArray scores, NDArray labels, Sink sink) {
        int[] expected = labels(labels);
        double[] values = of(scores, labels.getShape(), expected);
        int inner = inner(scores.getShape());
        for (int sample = 0; sample < expected.length; sample++) {
            if (expected[sample] == ClassIndices.IGNORED) {
                continue;
            }
            if (!isMulticlass()) {
                int column = counting.task() == Task.MULTILABEL ? sample / inner % counting.classes() : 0;
                sink.accept(column, values[sample], expected[sample] == 1);
                continue;
            }
            int start = start(sample, counting.classes(), inner);
            for (int c = 0; c < counting.classes(); c++) {
                sink.accept(c, values[start + c * inner], expected[sample] == c);
            }
        }
    }

    /** Where the scores of a sample begin, which are an inner size apart. */
    static int start(int sample, int classes, int inner) {
        return classes == 1 ? sample : sample / inner * classes * inner + sample % inner;
    }

    /** How many elements one class of one sample has. */
    static int inner(Shape scores) {
        return scores.dimension() < 2 ? 1 : Math.toIntExact(scores.slice(2).size());
    }

    private double notNaN(double score, int position) {
        if (Double.isNaN(score)) {
            throw new DataException(owner + " got score NaN at position " + position + ", which has no order.");
        }
        return score;
    }

    private void softmax(double[] values, int start, int stride) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < counting.classes(); c++) {
            largest = Math.max(largest, values[start + c * stride]);
        }
        double sum = 0;
        for (int c = 0; c < counting.classes(); c++) {
            sum += Math.exp(values[start + c * stride] - largest);
        }
        for (int c = 0; c < counting.classes(); c++) {
            values[start + c * stride] = Math.exp(values[start + c * stride] - largest) / sum;
        }
    }
}
