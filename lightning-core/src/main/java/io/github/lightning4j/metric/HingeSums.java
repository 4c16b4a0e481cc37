package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.Arrays;

/** The sum of losses by margin, of all samples or of each class. */
final class HingeSums implements BatchState {
    private final ClassSetup setup;
    private final double power;
    private final double[] sums;
    private long samples;

    HingeSums(ClassSetup setup, int sums, double power) {
        this.setup = setup;
        this.power = power;
        this.sums = new double[sums];
    }

    private record Kind(ClassSetup.Counting counting, int sums, double power) {}

    @Override
    public Object kind() {
        return new Kind(setup.counting(), sums.length, power);
    }

    @Override
    public void update(NDArray predictions, NDArray labels) {
        Probabilities probabilities = new Probabilities(setup.owner(), setup.counting());
        int[] expected = probabilities.labels(labels);
        double[] values = probabilities.of(predictions, labels.getShape(), expected);
        int classes = setup.isMulticlass() ? setup.counting().classes() : 1;
        int inner = Probabilities.inner(predictions.getShape());
        for (int sample = 0; sample < expected.length; sample++) {
            if (expected[sample] != ClassIndices.IGNORED) {
                add(values, Probabilities.start(sample, classes, inner), inner, expected[sample]);
                samples++;
            }
        }
    }

    private void add(double[] values, int start, int stride, int label) {
        if (!setup.isMulticlass()) {
            sums[0] += loss(label == 1 ? values[start] : -values[start]);
            return;
        }
        double other = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < setup.counting().classes(); c++) {
            double score = values[start + c * stride];
            if (sums.length > 1) {
                sums[c] += loss(c == label ? score : -score);
            }
            other = c == label ? other : Math.max(other, score);
        }
        if (sums.length == 1) {
            sums[0] += loss(values[start + label * stride] - other);
        }
    }

    private double loss(double margin) {
        return Math.pow(Math.max(0, 1 - margin), power);
    }

    double[] means() {
        return Arrays.stream(sums).map(sum -> sum / samples).toArray();
    }

    @Override
    public void reset() {
        Arrays.fill(sums, 0);
        samples = 0;
    }

    @Override
    public void save(StateWriter state) {
        state.putDoubles("sums", sums);
        state.putLong("samples", samples);
    }

    @Override
    public void load(StateReader state) {
        double[] saved = state.getDoubles("sums");
        if (saved.length != sums.length) {
            throw new CheckpointException("HingeLoss was saved with " + saved.length + " sums, but has " + sums.length
                    + ". Make it as it was when it was saved.");
        }
        System.arraycopy(saved, 0, sums, 0, sums.length);
        samples = state.getLong("samples", 0);
    }
}
