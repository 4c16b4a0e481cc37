package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.DataException;
import io.github.lightning4j.internal.torch.Tensors;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.function.IntToDoubleFunction;

/**
 * Reads labels and predictions as one class index a sample. Class scores of an ordinary batch are compared in Java over
 * the tensor's own memory, which is many times cheaper than a native call; all others go through native argmax.
 */
final class ClassIndices {
    /** What stands for a label that is ignored. */
    static final int IGNORED = -1;

    private final String owner;
    private final ClassSetup.Counting counting;
    private final int classes;

    ClassIndices(String owner, ClassSetup.Counting counting) {
        this.owner = owner;
        this.counting = counting;
        this.classes = counting.task() == Task.MULTICLASS ? counting.classes() : 2;
    }

    /** Labels, checked to be classes; ignored ones are {@value #IGNORED}. */
    int[] ofLabels(NDArray labels) {
        int[] indices = read(labels, "label");
        for (int i = 0; i < indices.length; i++) {
            indices[i] = counting.ignores(indices[i]) ? IGNORED : checked(indices[i], i, "label");
        }
        return indices;
    }

    /** Predictions for labels that were read: class indices, or whether each element is positive. */
    int[] ofPredictions(NDArray predictions, Shape labels, int[] expected) {
        if (counting.task() != Task.MULTICLASS) {
            return new PositiveElements(owner, counting).of(predictions, labels, expected);
        }
        return counting.topK() == 1 ? ofPredictions(predictions, labels) : amongLargest(predictions, labels, expected);
    }

    /** The label where it is among the largest scores, otherwise the class of the largest. */
    private int[] amongLargest(NDArray scores, Shape labels, int[] expected) {
        Shape shape = scores.getShape();
        checkScores(shape, labels, " with topK " + counting.topK());
        int[] predicted = largestScore(scores);
        double[] values = Numbers.of(scores);
        int inner = Math.toIntExact(shape.slice(2).size());
        for (int i = 0; i < predicted.length; i++) {
            if (expected[i] >= 0
                    && rank(values, i / inner * classes * inner + i % inner, inner, expected[i]) < counting.topK()) {
                predicted[i] = expected[i];
            }
        }
        return predicted;
    }

    void checkScores(Shape shape, Shape labels, String how) {
        if (shape.dimension() < 2 || shape.get(1) != classes || !sameSamples(labels, withoutSecondAxis(shape))) {
            throw new DataException(owner + how + " got predictions of shape " + shape + " for labels of shape "
                    + labels + ". It takes scores (N, " + classes + ") for labels (N).");
        }
    }

    private int rank(double[] values, int start, int stride, int label) {
        double own = values[start + label * stride];
        int rank = 0;
        for (int c = 0; c < classes; c++) {
            double other = values[start + c * stride];
            if (other > own || (other == own && c < label)) {
                rank++;
            }
        }
        return rank;
    }

    /** Predictions for labels of a given shape: the class of the largest score, an index, or the side of a binary logit. */
    private int[] ofPredictions(NDArray predictions, Shape labels) {
        Shape shape = predictions.getShape();
        boolean hasClassAxis = shape.dimension() >= 2 && shape.get(1) == classes;
        if (hasClassAxis && sameSamples(labels, withoutSecondAxis(shape))) {
            return largestScore(predictions);
        }
        if (sameSamples(labels, shape) || sameSamples(shape, labels)) {
            if (!predictions.getDataType().isFloating()) {
                int[] indices = read(predictions, "predicted class");
                for (int i = 0; i < indices.length; i++) {
                    checked(indices[i], i, "predicted class");
                }
                return indices;
            }
            if (classes == 2 && !hasClassAxis) {
                return aboveZero(predictions);
            }
        }
        throw new DataException(
                owner + " over " + classes + " classes got predictions of shape " + shape + " and dtype "
                        + predictions.getDataType() + " for labels of shape " + labels
                        + ". It takes scores (N, " + classes + ") or integer class indices (N)"
                        + (classes == 2 ? ", or binary logits (N)," : "") + " for labels (N).");
    }

    private int[] largestScore(NDArray scores) {
        if (scores.getShape().dimension() == 2
                && scores.getDataType() == DataType.FLOAT32
                && !scores.getDevice().isGpu()) {
            return largestScoreOfRows(scores);
        }
        try (NDArray indices = scores.argMax(1)) {
            return read(indices, "predicted class");
        }
    }

    /** As libtorch's argmax: the first of equals, and NaN before everything. */
    private static int[] largestScoreOfRows(NDArray scores) {
        int classes = (int) scores.getShape().get(1);
        int[] best = new int[(int) scores.getShape().get(0)];
        FloatBuffer values = Tensors.liveView(scores).asFloatBuffer();
        for (int row = 0; row < best.length; row++) {
            best[row] = largest(values, row * classes, classes);
        }
        return best;
    }

    private static int largest(FloatBuffer values, int start, int classes) {
        int leader = start;
        float highest = values.get(start);
        for (int i = start + 1; i < start + classes; i++) {
            float value = values.get(i);
            if (!(value <= highest)) {
                if (Float.isNaN(highest)) {
                    break;
                }
                highest = value;
                leader = i;
            }
        }
        return leader - start;
    }

    private static int[] aboveZero(NDArray logits) {
        if (logits.getDataType() != DataType.FLOAT32) {
            try (NDArray converted = logits.toType(DataType.FLOAT32, true)) {
                return aboveZero(converted);
            }
        }
        FloatBuffer values = Tensors.liveView(logits).asFloatBuffer();
        int[] classes = new int[values.remaining()];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = values.get(i) > 0 ? 1 : 0;
        }
        return classes;
    }

    private int checked(int index, int position, String what) {
        if (index < 0 || index >= classes) {
            throw new DataException(owner + " got " + what + " " + index + " at position " + position
                    + ", but there are " + classes + " classes (0.." + (classes - 1) + ").");
        }
        return index;
    }

    private int[] read(NDArray array, String what) {
        int[] indices = new int[Math.toIntExact(array.size())];
        if (indices.length == 0) {
            return indices;
        }
        ByteBuffer view = Tensors.liveView(array);
        switch (array.getDataType()) {
            case INT64 -> fill(indices, view.asLongBuffer());
            case INT32 -> view.asIntBuffer().get(indices);
            case UINT8, BOOLEAN -> fill(indices, what, i -> Byte.toUnsignedInt(view.get(i)));
            case INT8 -> fill(indices, what, view::get);
            case FLOAT32 -> fill(indices, what, i -> view.getFloat(i * Float.BYTES));
            case FLOAT64 -> fill(indices, what, i -> view.getDouble(i * Double.BYTES));
            default -> {
                try (NDArray converted = array.toType(DataType.FLOAT64, true)) {
                    return read(converted, what);
                }
            }
        }
        return indices;
    }

    /** Labels of most batches; those beyond a whole number of Java become one that is no class. */
    private static void fill(int[] indices, LongBuffer values) {
        for (int i = 0; i < indices.length; i++) {
            long value = values.get(i);
            indices[i] = (int) value == value ? (int) value : Integer.MAX_VALUE;
        }
    }

    private void fill(int[] indices, String what, IntToDoubleFunction values) {
        for (int i = 0; i < indices.length; i++) {
            double value = values.applyAsDouble(i);
            indices[i] = (int) value;
            if (indices[i] != value) {
                throw new DataException(owner + " got " + what + " " + value + " at position " + i
                        + ", but a class is a whole number from 0.");
            }
        }
    }

    /** Whether two shapes are equal, or the first has one more axis of length 1 behind its samples. */
    private static boolean sameSamples(Shape shape, Shape samples) {
        return shape.equals(samples)
                || (shape.dimension() >= 2
                        && shape.get(1) == 1
                        && withoutSecondAxis(shape).equals(samples));
    }

    private static Shape withoutSecondAxis(Shape shape) {
        return shape.slice(0, 1).addAll(shape.slice(2));
    }
}
