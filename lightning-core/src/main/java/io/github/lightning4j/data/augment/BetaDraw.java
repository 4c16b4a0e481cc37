package io.github.lightning4j.data.augment;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Draws from a symmetric Beta distribution, by a number of libtorch's generator, so that a run can be reproduced. */
final class BetaDraw {
    private BetaDraw() {}

    /** A generator that depends on libtorch's. */
    static RandomGenerator generator(NDManager manager) {
        try (NDArray seed = manager.randomInteger(0, Long.MAX_VALUE, new Shape(1), DataType.INT64)) {
            return new SplittableRandom(seed.getLong());
        }
    }

    static double symmetric(double alpha, RandomGenerator random) {
        double logX = logGamma(alpha, random);
        double logY = logGamma(alpha, random);
        return 1 / (1 + Math.exp(logY - logX));
    }

    /**
     * The logarithm of a Gamma(alpha, 1) variate (Marsaglia and Tsang 2000, ACM TOMS 26, doi 10.1145/358407.358414), which
     * does not underflow for a small alpha.
     */
    private static double logGamma(double alpha, RandomGenerator random) {
        if (alpha < 1) {
            return logGamma(alpha + 1, random) + Math.log(1 - random.nextDouble()) / alpha;
        }
        double d = alpha - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = random.nextGaussian();
            double v = Math.pow(1 + c * x, 3);
            if (v > 0 && Math.log(1 - random.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
                return Math.log(d * v);
            }
        }
    }
}
