package io.github.lightning4j.metric;

import io.github.lightning4j.Require;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What every metric of classification can be told.
 *
 * @param <B> the builder itself
 */
public abstract class TaskBuilder<B extends TaskBuilder<B>> {
    private final String owner;
    private final Task task;
    private final int classes;
    private @Nullable Integer ignoreIndex;
    private boolean logits;
    private List<String> names;

    TaskBuilder(String owner, Task task, int classes) {
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
    final B self() {
        return (B) this;
    }

    final String owner() {
        return owner;
    }

    final Task task() {
        return task;
    }

    final int classes() {
        return classes;
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
     * @throws io.github.lightning4j.ConfigurationException if they are not as many as the classes, or two are equal
     */
    public B classNames(String... value) {
        List<String> given = List.of(value);
        boolean fits = given.size() == classes && given.stream().distinct().count() == classes;
        Require.that(fits, owner + " classNames", given, classes + " different names", "");
        names = given;
        return self();
    }

    final ClassSetup setup(double threshold, int topK, Average average) {
        return new ClassSetup(
                owner, new ClassSetup.Counting(task, classes, threshold, topK, ignoreIndex, logits), average, names);
    }
}
