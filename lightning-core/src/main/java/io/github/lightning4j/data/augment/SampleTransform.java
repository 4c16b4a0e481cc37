package io.github.lightning4j.data.augment;

import ai.djl.ndarray.NDArray;
import java.util.random.RandomGenerator;

/**
 * A random change to one sample, for {@code augment} of a {@code DataLoader}. All randomness has to come from the generator
 * given: its seed is a function of (seed, epoch, sample), so the change does not depend on threads or on where a run was
 * resumed.
 */
@FunctionalInterface
public interface SampleTransform {
    /**
     * Changes a sample.
     *
     * @param sample the first data array of the sample, after the dataset's own transforms, without a batch dimension; a
     *     copy that may be changed in place
     * @param random the source of all randomness
     * @return the changed sample, which may be the given array
     */
    NDArray apply(NDArray sample, RandomGenerator random);
}
