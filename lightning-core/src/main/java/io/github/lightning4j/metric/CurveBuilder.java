package io.github.lightning4j.metric;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;
import java.util.Arrays;
import java.util.List;

/**
 * What metrics of curves can be told.
 *
 * @param <B> the builder itself
 */
public abstract class CurveBuilder<B extends CurveBuilder<B>> extends TaskBuilder<B> {
    private List<Double> thresholds = List.of();

    CurveBuilder(String owner, Task task, int classes) {
        super(owner, task, classes);
    }

    /**
     * Computes from counts at thresholds that are equally far apart, instead of exactly from all scores.
     *
     * @param count how many from 0 to 1; 2 or more
     * @return this
     * @throws ConfigurationException if there are fewer than 2
     */
    public B thresholds(int count) {
        Require.atLeast(2, count, owner() + " thresholds");
        thresholds = ConfusionMetric.list(EvenSteps.of(count));
        return self();
    }

    /**
     * Computes from counts at these thresholds, instead of exactly from all scores.
     *
     * @param ascending different numbers from 0 to 1 in ascending order
     * @return this
     * @throws ConfigurationException if they are not
     */
    public B thresholds(double... ascending) {
        boolean fits = ascending.length > 0;
        for (int i = 0; i < ascending.length; i++) {
            double least = i == 0 ? 0 : Math.nextUp(ascending[i - 1]);
            fits &= ascending[i] >= least && ascending[i] <= 1;
        }
        String given = Arrays.toString(ascending);
        Require.that(fits, owner() + " thresholds", given, "different numbers from 0 to 1 in ascending order", "");
        thresholds = Arrays.stream(ascending).boxed().toList();
        return self();
    }

    final List<Double> thresholds() {
        return thresholds;
    }

    final ClassSetup setup(Average average) {
        return setup(0.5, 1, average);
    }
}
