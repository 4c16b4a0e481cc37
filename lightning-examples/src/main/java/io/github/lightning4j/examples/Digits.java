package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Require;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.Splits;
import io.github.lightning4j.data.TensorDataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Digits taken out of a dataset. */
final class Digits {
    private Digits() {}

    /** The first digits as plain Java values. */
    static List<Digit> first(RandomAccessDataset digits, int count) {
        try (NDManager manager = NDManager.newBaseManager();
                Batch batch = batch(manager, digits, count)) {
            return of(batch.getData().head(), labels(batch));
        }
    }

    /** The first so many digits, or all if there are fewer. */
    static RandomAccessDataset few(RandomAccessDataset digits, int samples) {
        Require.atLeast(1, samples, "--samples");
        return Splits.range(digits, 0, (int) Math.min(samples, digits.size()));
    }

    /** The digits that images (N, 1, H, W) show; what they are nobody knows. */
    static List<Digit> of(NDArray images) {
        long[] unknown = new long[Math.toIntExact(images.size(0))];
        Arrays.fill(unknown, -1);
        return of(images, unknown);
    }

    private static List<Digit> of(NDArray images, long[] labels) {
        int height = Math.toIntExact(images.size(2));
        int width = Math.toIntExact(images.size(3));
        List<Digit> found = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            found.add(new Digit(images.get(i).toFloatArray(), height, width, Math.toIntExact(labels[i])));
        }
        return found;
    }

    /** The images (N, 1, H, W) of digits of one size. */
    static NDArray images(NDManager manager, List<Digit> digits) {
        Digit first = digits.get(0);
        NDArray images = manager.create(new Shape(digits.size(), 1, first.height(), first.width()));
        for (int i = 0; i < digits.size(); i++) {
            Digit digit = digits.get(i);
            images.set(new NDIndex(i), manager.create(digit.pixels(), new Shape(1, digit.height(), digit.width())));
        }
        return images;
    }

    /** All images as rows of pixels, (N, H * W). */
    static NDArray pixels(NDManager manager, RandomAccessDataset digits) {
        try (Batch batch = batch(manager, digits, Math.toIntExact(digits.size()))) {
            NDArray pixels = batch.getData().head().reshape(digits.size(), -1);
            pixels.attach(manager);
            return pixels;
        }
    }

    /**
     * The first digits of some classes, in their order; the lowest class becomes 0.
     *
     * @param perClass how many of each at most
     */
    static TensorDataset ofClasses(
            NDManager manager, RandomAccessDataset digits, int lowest, int highest, int perClass) {
        try (NDManager scratch = manager.newSubManager();
                Batch batch = batch(scratch, digits, Math.toIntExact(digits.size()))) {
            long[] labels = labels(batch);
            int[] taken = new int[highest - lowest + 1];
            List<Integer> chosen = new ArrayList<>();
            for (int i = 0; i < labels.length; i++) {
                int place = (int) labels[i] - lowest;
                if (place >= 0 && place < taken.length && taken[place] < perClass) {
                    taken[place]++;
                    chosen.add(i);
                }
            }
            if (Arrays.stream(taken).anyMatch(count -> count == 0)) {
                throw new DataException("Of the digits " + lowest + " to " + highest + " there are "
                        + Arrays.toString(taken) + " in a part of the data, but each is needed.");
            }
            int[] indices = chosen.stream().mapToInt(Integer::intValue).toArray();
            long[] classes =
                    Arrays.stream(indices).mapToLong(i -> labels[i] - lowest).toArray();
            NDArray images = batch.getData().head().get(scratch.create(indices, new Shape(indices.length)));
            images.attach(manager);
            return TensorDataset.of(images, manager.create(classes));
        }
    }

    private static Batch batch(NDManager manager, RandomAccessDataset digits, int count) {
        try (BatchCursor cursor = DataLoader.of(digits, count).open(manager, new Seeds(0), 0, 0)) {
            return cursor.next();
        }
    }

    private static long[] labels(Batch batch) {
        return batch.getLabels().head().toType(DataType.INT64, false).toLongArray();
    }
}
