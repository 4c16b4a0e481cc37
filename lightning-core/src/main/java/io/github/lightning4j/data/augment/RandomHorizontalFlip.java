package io.github.lightning4j.data.augment;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Require;
import java.util.random.RandomGenerator;

/**
 * Mirrors an image, left to right, with some probability.
 *
 * @param probability how often, from 0 to 1
 */
public record RandomHorizontalFlip(double probability) implements SampleTransform {
    /**
     * Checks the probability.
     *
     * @param probability how often, from 0 to 1
     * @throws ConfigurationException if it is not from 0 to 1
     */
    public RandomHorizontalFlip {
        Require.fraction(probability, "RandomHorizontalFlip probability");
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
        ImageLayout.requireChannelsFirst("RandomHorizontalFlip", sample.getShape());
        boolean flips = random.nextDouble() < probability;
        return flips ? sample.flip(sample.getShape().dimension() - 1) : sample;
    }
}
