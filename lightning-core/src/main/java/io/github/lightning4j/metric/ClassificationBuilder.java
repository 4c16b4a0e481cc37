package io.github.lightning4j.metric;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;

/**
 * What metrics that count classes can be told.
 *
 * @param <B> the builder itself
 */
public abstract class ClassificationBuilder<B extends ClassificationBuilder<B>> extends TaskBuilder<B> {
    private double threshold = 0.5;
    private int topK = 1;
    private Average average = Average.MACRO;

    ClassificationBuilder(String owner, Task task, int classes) {
        super(owner, task, classes);
    }

    /**
     * Sets how scores of classes become one number; {@link Average#MACRO} unless set.
     *
     * @param value the average
     * @return this
     * @throws ConfigurationException if the metric is binary
     */
    public B average(Average value) {
        Require.that(task() != Task.BINARY, owner() + " average", value, "left out where binary", "there is one score");
        average = value;
        return self();
    }

    /**
     * Sets the probability above which an element is positive; 0.5 unless set.
     *
     * @param value from 0 to 1
     * @return this
     * @throws ConfigurationException if it is out of range or the metric is of several classes
     */
    public B threshold(double value) {
        Require.that(
                task() != Task.MULTICLASS,
                owner() + " threshold",
                value,
                "left out",
                "the class of the largest score wins");
        threshold = Require.fraction(value, owner() + " threshold");
        return self();
    }

    /**
     * Sets among how many of the largest scores the label counts as predicted; 1 unless set.
     *
     * @param value from 1 to the number of classes
     * @return this
     * @throws ConfigurationException if it is out of range or the metric is not of several classes
     */
    public B topK(int value) {
        boolean fits = task() == Task.MULTICLASS && value >= 1 && value <= classes();
        Require.that(fits, owner() + " topK", value, "from 1 to the number of classes of multiclass(...)", "");
        topK = value;
        return self();
    }

    final ClassSetup setup() {
        return setup(threshold, topK, average);
    }
}
