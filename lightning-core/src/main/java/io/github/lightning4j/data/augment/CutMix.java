package io.github.lightning4j.data.augment;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Batches;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Require;
import java.util.random.RandomGenerator;

/**
 * Replaces a rectangle of each image of a batch by that of the one before it, and blends the labels by the area: of a side of
 * {@code sqrt(1 - lambda)} of the image's, lambda from Beta(alpha, alpha), around a random point, the same for the whole batch
 * (Yun et al. 2019, arXiv 1905.04899; torchvision's {@code CutMix}). To be called in {@code onAfterBatchTransfer}.
 *
 * @param alpha how strongly, above 0; torchvision's default is 1
 * @param classes the number of classes, at least 2
 */
public record CutMix(double alpha, int classes) {
    /**
     * Checks the settings.
     *
     * @param alpha how strongly, above 0
     * @param classes the number of classes, at least 2
     * @throws ConfigurationException if one is out of its range
     */
    public CutMix {
        Require.finitePositive(alpha, "CutMix alpha");
        Require.atLeast(2, classes, "CutMix classes");
    }

    /**
     * Blends a batch.
     *
     * @param batch one array of images of shape (N, C, H, W), one of labels: class indices of shape (N)
     * @return images of the same shape, and labels of shape (N, classes) that are probabilities, as {@code crossEntropy}
     *     takes them
     * @throws DataException if the batch is not so
     */
    public Batch apply(Batch batch) {
        MixedLabels labels = MixedLabels.of("CutMix", batch, classes);
        NDArray images = batch.getData().head();
        Shape shape = images.getShape();
        if (shape.dimension() != 4) {
            throw new DataException(
                    "CutMix got data of shape " + shape + ", but it takes images of shape (N, C, H, W).");
        }
        RandomGenerator random = BetaDraw.generator(images.getManager());
        double halfSide = 0.5 * Math.sqrt(1 - BetaDraw.symmetric(alpha, random));
        int height = Math.toIntExact(shape.get(2));
        int width = Math.toIntExact(shape.get(3));
        int[] rows = span(height, halfSide, random);
        int[] columns = span(width, halfSide, random);
        NDArray mixed = images.duplicate();
        if (rows[1] > rows[0] && columns[1] > columns[0]) {
            NDIndex box = new NDIndex(":, :, {}:{}, {}:{}", rows[0], rows[1], columns[0], columns[1]);
            mixed.set(box, MixedLabels.rolled(images).get(box));
        }
        double area = (double) (rows[1] - rows[0]) * (columns[1] - columns[0]) / ((double) height * width);
        return Batches.of(batch, new NDList(mixed), labels.mixed(1 - area));
    }

    /** From where to where the rectangle reaches: half a side to each side of a random point, within the image. */
    private static int[] span(int length, double halfSide, RandomGenerator random) {
        int middle = random.nextInt(length);
        int half = (int) (halfSide * length);
        return new int[] {Math.max(0, middle - half), Math.min(length, middle + half)};
    }
}
