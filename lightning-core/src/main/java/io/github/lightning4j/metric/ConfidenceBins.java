package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.Arrays;

/** Of each bin of confidence its samples, their confidences and how many are right. A confidence of 1 has its own. */
final class ConfidenceBins implements BatchState {
    private final ClassSetup setup;
    private final double[] bounds;
    private final double[] samples;
    private final double[] confidences;
    private final double[] right;

    ConfidenceBins(ClassSetup setup, int bins) {
        this.setup = setup;
        this.bounds = EvenSteps.of(bins + 1);
        this.samples = new double[bins + 1];
        this.confidences = new double[bins + 1];
        this.right = new double[bins + 1];
    }

    private record Kind(ClassSetup.Counting counting, int bins) {}

    @Override
    public Object kind() {
        return new Kind(setup.counting(), samples.length);
    }

    @Override
    public void update(NDArray predictions, NDArray labels) {
        Probabilities probabilities = new Probabilities(setup.owner(), setup.counting());
        int[] expected = probabilities.labels(labels);
        double[] values = probabilities.of(predictions, labels.getShape(), expected);
        for (int sample = 0; sample < expected.length; sample++) {
            if (expected[sample] == ClassIndices.IGNORED) {
                continue;
            }
            if (setup.isMulticlass()) {
                addLargest(values, predictions.getShape(), sample, expected[sample]);
            } else {
                add(values[sample], expected[sample]);
            }
        }
    }

    private void addLargest(double[] values, Shape scores, int sample, int label) {
        int inner = Probabilities.inner(scores);
        int start = Probabilities.start(sample, setup.counting().classes(), inner);
        int largest = 0;
        for (int c = 1; c < setup.counting().classes(); c++) {
            largest = values[start + c * inner] > values[start + largest * inner] ? c : largest;
        }
        add(values[start + largest * inner], largest == label ? 1 : 0);
    }

    private void add(double confidence, int isRight) {
        int found = Arrays.binarySearch(bounds, confidence);
        int bin = found >= 0 ? found : -found - 2;
        samples[bin]++;
        confidences[bin] += confidence;
        right[bin] += isRight;
    }

    boolean isEmpty() {
        return Arrays.stream(samples).sum() == 0;
    }

    /** How far the mean confidence of each bin is from the share that is right. */
    double[] errors() {
        double[] errors = new double[samples.length];
        Arrays.setAll(errors, i -> Stat.ratio(Math.abs(right[i] - confidences[i]), samples[i]));
        return errors;
    }

    /** Which part of all samples each bin has. */
    double[] shares() {
        double all = Arrays.stream(samples).sum();
        return Arrays.stream(samples).map(each -> each / all).toArray();
    }

    @Override
    public void reset() {
        for (double[] each : new double[][] {samples, confidences, right}) {
            Arrays.fill(each, 0);
        }
    }

    @Override
    public void save(StateWriter state) {
        state.putDoubles("samples", samples);
        state.putDoubles("confidences", confidences);
        state.putDoubles("right", right);
    }

    @Override
    public void load(StateReader state) {
        copy(state.getDoubles("samples"), samples);
        copy(state.getDoubles("confidences"), confidences);
        copy(state.getDoubles("right"), right);
    }

    private static void copy(double[] saved, double[] to) {
        if (saved.length != to.length) {
            throw new CheckpointException("CalibrationError was saved with " + (saved.length - 1) + " bins, but has "
                    + (to.length - 1) + ". Make it with the bins it was saved with.");
        }
        System.arraycopy(saved, 0, to, 0, to.length);
    }
}
