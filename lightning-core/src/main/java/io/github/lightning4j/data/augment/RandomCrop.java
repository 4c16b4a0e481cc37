package io.github.lightning4j.data.augment;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Require;
import java.util.random.RandomGenerator;

/**
 * Pads an image with zeros on all sides and cuts out a piece of its old size at a random place, which shifts it by up to
 * {@code padding} pixels each way.
 *
 * @param padding the number of pixels to pad, at least 1
 */
public record RandomCrop(int padding) implements SampleTransform {
    /**
     * Checks the padding.
     *
     * @param padding the number of pixels to pad, at least 1
     * @throws ConfigurationException if it is below 1
     */
    public RandomCrop {
        Require.atLeast(1, padding, "RandomCrop padding");
    }

    /**
     * {@inheritDoc}
     *
     * @param sample an image of shape (C, H, W), or of any with height and width as its last two axes
     * @throws DataException if it has a single axis, or looks like (H, W, C): three axes, the last of length 1 or 3, the
     *     first of neither
     */
    @Override
    public NDArray apply(NDArray sample, RandomGenerator random) {
        ImageLayout.requireChannelsFirst("RandomCrop", sample.getShape());
        int top = random.nextInt(2 * padding + 1);
        int left = random.nextInt(2 * padding + 1);
        Shape shape = sample.getShape();
        long height = shape.get(shape.dimension() - 2);
        long width = shape.get(shape.dimension() - 1);
        NDArray padded = sample.pad(new Shape(padding, padding, padding, padding), 0);
        return padded.get(new NDIndex("..., {}:{}, {}:{}", top, top + height, left, left + width));
    }
}
