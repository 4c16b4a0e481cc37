package io.github.lightning4j.metric;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;

/**
 * What metrics can be told that make a number of each curve.
 *
 * @param <B> the builder itself
 */
public abstract class CurveScoreBuilder<B extends CurveScoreBuilder<B>> extends CurveBuilder<B> {
    private Average average = Average.MACRO;

    CurveScoreBuilder(String owner, Task task, int classes) {
        super(owner, task, classes);
    }

    /**
     * Sets how the classes' numbers become one; {@link Average#MACRO} unless set, over all classes, and
     * {@link Average#WEIGHTED} by how often each is the label.
     *
     * @param value the average; {@link Average#MICRO} for labels only
     * @return this
     * @throws ConfigurationException if the metric is binary, or the average is micro over several classes
     */
    public B average(Average value) {
        boolean fits = task() == Task.MULTILABEL || (task() == Task.MULTICLASS && value != Average.MICRO);
        Require.that(fits, owner() + " average", value, "left out where binary and not MICRO over several classes", "");
        average = value;
        return self();
    }

    final ClassSetup setup() {
        return setup(average);
    }
}
