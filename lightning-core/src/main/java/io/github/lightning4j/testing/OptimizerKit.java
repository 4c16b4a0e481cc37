package io.github.lightning4j.testing;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.Optimizer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Checks what every optimizer promises: it moves what has a gradient and nothing else, it follows the learning rate, its
 * state survives an interruption between two steps, and it frees what it makes.
 *
 * <pre>{@code
 * return OptimizerKit.checks(parameters -> Adam.builder(parameters).build())
 *         .map(check -> dynamicTest(check.name(), check::run));
 * }</pre>
 */
public final class OptimizerKit {
    private OptimizerKit() {}

    /**
     * The checks.
     *
     * @param optimizer makes a new optimizer of these parameters, equal each time
     * @return one by one
     */
    public static Stream<Check> checks(Function<PairList<String, Parameter>, Optimizer> optimizer) {
        OptimizerChecks checks = new OptimizerChecks(optimizer);
        return Stream.of(
                new Check("moves what has a gradient and nothing else", checks::movesWhatHasAGradient),
                new Check("zeroes gradients", checks::zeroesGradients),
                new Check("follows the learning rate, or refuses to", checks::followsTheLearningRate),
                new Check("trains a group that was added, or refuses it", checks::trainsAddedGroups),
                new Check("goes on where it was saved", checks::resumes),
                new Check("forgets its own steps when it is loaded", checks::overwrites),
                new Check("frees native memory", checks::freesNativeMemory));
    }
}
