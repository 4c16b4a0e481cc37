package io.github.lightning4j.search;

import java.nio.file.Path;
import java.util.Map;

/**
 * One configuration that was tried, and how far it came.
 *
 * @param index its number, from 0, in the order in which trials began
 * @param config the configuration
 * @param values the values of its hyperparameters, in the order of the space
 * @param seed the seed of its run
 * @param epochs the epochs it was trained
 * @param value the monitored metric at their end
 * @param metrics the newest value of everything it logged
 * @param directory its run directory, which holds its checkpoints
 * @param weightsSha256 the digest of its weights, as in {@code FitResult}
 * @param <C> the configuration's type
 */
public record Trial<C>(
        int index,
        C config,
        Map<String, Object> values,
        long seed,
        long epochs,
        double value,
        Map<String, Double> metrics,
        Path directory,
        String weightsSha256) {}
