package io.github.lightning4j.data.augment;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.number.Shares;
import java.util.random.RandomGenerator;

/**
 * Sets a random rectangle of an image to zero with some probability, so that a model does not rely on one detail (Zhong et
 * al. 2020, AAAI 34, doi 10.1609/aaai.v34i07.7000, here with sides drawn one by one).
 *
 * @param probability how often, from 0 to 1
 * @param maxSide the longest side of the rectangle as a part of the image's, above 0, up to 1
 */
public record RandomErasing(double probability, double maxSide) implements SampleTransform {
    /**
     * Checks the settings.
     *
     * @param probability how often, from 0 to 1
     * @param maxSide the longest side of the rectangle as a part of the image's, above 0, up to 1
     * @throws ConfigurationException if one is out of its range
     */
    public RandomErasing {
        Require.fraction(probability, "RandomErasing probability");
        Require.positiveFraction(maxSide, "RandomErasing maxSide");
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
        ImageLayout.requireChannelsFirst("RandomErasing", sample.getShape());
        if (random.nextDouble() >= probability) {
            return sample;
        }
        Shape shape = sample.getShape();
        int height = Math.toIntExact(shape.get(shape.dimension() - 2));
        int width = Math.toIntExact(shape.get(shape.dimension() - 1));
        int rows = side(height, random);
        int columns = side(width, random);
        int top = random.nextInt(height - rows + 1);
        int left = random.nextInt(width - columns + 1);
        sample.set(new NDIndex("..., {}:{}, {}:{}", top, top + rows, left, left + columns), 0);
        return sample;
    }

    private int side(int length, RandomGenerator random) {
        return 1 + random.nextInt(Math.max(1, (int) Shares.floor(length, maxSide)));
    }
}
