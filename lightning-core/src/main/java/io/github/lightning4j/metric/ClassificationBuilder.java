package io.github.lightning4j.metric;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What metrics of classification can be told.
 *
 * @param <B> the builder itself
 */
public abstract class ClassificationBuilder<B extends ClassificationBuilder<B>> {
    private final String owner;
    private final Task task;
    private final int classes;
    private double threshold = 0.5;
    private int topK = 1;
    private @Nullable Integer ignoreIndex;
    private boolean logits;
    private Average average = Average.MACRO;
    private List<String> names;

    ClassificationBuilder(String owner, Task task, int classes) {
        this.owner = owner;
        this.task = task;
        this.classes = switch (task) {
            case BINARY -> 2;
            case MULTICLASS -> Require.atLeast(2, classes, owner + " classes", "two classes can be binary()");
            case MULTILABEL -> Require.atLeast(2, classes, owner + " labels", "one label is binary()");
        };
        this.names = IntStream.range(0, this.classes).mapToObj(String::valueOf).toList();
    }

    /** This, as what it is. */
    @SuppressWarnings("unchecked")
    private B self() {
        return (B) this;
    }

    /**
     * Sets how scores of classes become one number; {@link Average#MACRO} unless set.
     *
     * @param value the average
     * @return this
     * @throws ConfigurationException if the metric is binary
     */
    public B average(Average value) {
        Require.that(task != Task.BINARY, owner + " average", value, "left out where binary", "there is one score");
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
                task != Task.MULTICLASS,
                owner + " threshold",
                value,
                "left out",
                "the class of the largest score wins");
        threshold = Require.fraction(value, owner + " threshold");
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
        boolean fits = task == Task.MULTICLASS && value >= 1 && value <= classes;
        Require.that(fits, owner + " topK", value, "from 1 to the number of classes of multiclass(...)", "");
        topK = value;
        return self();
    }

    /**
     * Sets a label whose elements are left out.
     *
     * @param value the label, a class or not, such as -1
     * @return this
     */
    public B ignoreIndex(int value) {
        ignoreIndex = value;
        return self();
    }

    /**
     * Takes scores as logits: a sigmoid, or of several classes a softmax, makes them probabilities. Otherwise scores are
     * probabilities, which are checked. (torchmetrics guesses from each batch, so that its value depends on the batches.)
     *
     * @return this
     */
    public B logits() {
        logits = true;
        return self();
    }

    /**
     * Names the classes or labels; their indices unless set.
     *
     * @param value different names, one for each
     * @return this
     * @throws ConfigurationException if they are not as many as the classes, or two are equal
     */
    public B classNames(String... value) {
        List<String> given = List.of(value);
        boolean fits = given.size() == classes && given.stream().distinct().count() == classes;
        Require.that(fits, owner + " classNames", given, classes + " different names", "");
        names = given;
        return self();
    }

    ClassSetup setup() {
        return new ClassSetup(
                owner, new ClassSetup.Counting(task, classes, threshold, topK, ignoreIndex, logits), average, names);
    }
}
