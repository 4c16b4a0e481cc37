package io.github.lightning4j.data;

import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.RandomAccessDataset;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Require;
import io.github.lightning4j.data.internal.FoldPlan;
import io.github.lightning4j.data.internal.GroupedFolds;
import io.github.lightning4j.data.internal.LabelClasses;
import io.github.lightning4j.data.internal.PlainFolds;
import io.github.lightning4j.data.internal.Samples;
import io.github.lightning4j.data.internal.StratifiedFolds;
import io.github.lightning4j.data.internal.TensorRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Divides a dataset so that each sample is held out in exactly one fold and trained on in all others. Sizes and assignment are
 * those of scikit-learn's {@code KFold}, {@code StratifiedKFold} and {@code GroupKFold}; what {@link #shuffled} draws is this
 * library's own.
 *
 * <pre>{@code
 * for (Fold fold : KFold.stratified(5).shuffled(1).split(dataset)) {
 *     DataLoaders loaders = DataLoaders.of(fold.train(), fold.val(), 32);
 * }
 * }</pre>
 *
 * <p>Immutable. {@code CrossValidation} trains a module in every fold.
 */
public final class KFold {
    private final int folds;
    private final String kind;
    private final Assignment assignment;
    private final @Nullable Long seed;

    /** Makes the plan for a dataset. */
    private interface Assignment {
        FoldPlan plan(RandomAccessDataset dataset, int samples);
    }

    private KFold(int folds, String kind, Assignment assignment, @Nullable Long seed) {
        this.folds =
                Require.atLeast(2, folds, "the number of folds", "one of them is held out, the others are trained on");
        this.kind = kind;
        this.assignment = assignment;
        this.seed = seed;
    }

    /**
     * Consecutive folds: the first {@code samples % folds} of them have one sample more than the others.
     *
     * @param folds how many, 2 or more
     * @return the division
     * @throws io.github.lightning4j.ConfigurationException if there are fewer than 2
     */
    public static KFold of(int folds) {
        return new KFold(folds, "consecutive", (dataset, samples) -> new PlainFolds(samples), null);
    }

    /**
     * Folds with the same mix of classes, which are the labels of a dataset in memory.
     *
     * @param folds how many, 2 or more
     * @return the division; it can split a {@link TensorDataset} or an {@code ArrayDataset} whose only label is one whole
     *     number a sample
     * @throws io.github.lightning4j.ConfigurationException if there are fewer than 2
     */
    public static KFold stratified(int folds) {
        return new KFold(
                folds, "stratified", (dataset, samples) -> new StratifiedFolds(LabelClasses.of(labels(dataset))), null);
    }

    /**
     * Folds with the same mix of classes.
     *
     * @param folds how many, 2 or more
     * @param classes the class of each sample, any numbers
     * @return the division
     * @throws io.github.lightning4j.ConfigurationException if there are fewer than 2
     */
    public static KFold stratified(int folds, long... classes) {
        long[] copy = Require.given(classes, "the classes of the samples").clone();
        return new KFold(
                folds,
                "stratified",
                (dataset, samples) -> new StratifiedFolds(oneEach(copy, samples, "classes")),
                null);
    }

    /**
     * Folds that keep the samples of a group together, as those of one patient; the largest groups are dealt out first, each
     * to the smallest fold.
     *
     * @param folds how many, 2 or more
     * @param groups the group of each sample, any numbers
     * @return the division
     * @throws io.github.lightning4j.ConfigurationException if there are fewer than 2
     */
    public static KFold grouped(int folds, long... groups) {
        long[] copy = Require.given(groups, "the groups of the samples").clone();
        return new KFold(
                folds, "grouped", (dataset, samples) -> new GroupedFolds(oneEach(copy, samples, "groups")), null);
    }

    /**
     * Folds that keep the samples of a group together, as those of one patient.
     *
     * @param folds how many, 2 or more
     * @param groups the group of each sample: names, or anything else that has {@code equals}
     * @return the division
     * @throws io.github.lightning4j.ConfigurationException if there are fewer than 2, or a group is null
     */
    public static KFold grouped(int folds, List<?> groups) {
        Map<Object, Long> numbers = new HashMap<>();
        List<Object> given = Require.allGiven(groups, "the groups of the samples");
        given.forEach(group -> numbers.putIfAbsent(group, (long) numbers.size()));
        return grouped(folds, given.stream().mapToLong(numbers::get).toArray());
    }

    /**
     * The same division with samples dealt out at random: plain folds of any samples, stratified ones of any samples of each
     * class; grouped ones of any groups, with the same number of groups in each fold.
     *
     * @param seed decides the division alone: equal seeds give equal folds
     * @return the division
     */
    public KFold shuffled(long seed) {
        return new KFold(folds, kind, assignment, seed);
    }

    /**
     * The number of folds.
     *
     * @return 2 or more
     */
    public int folds() {
        return folds;
    }

    /**
     * Divides a dataset.
     *
     * @param dataset the whole; its {@code prepare} is called
     * @return the folds, in order
     * @throws DataException if there are more folds than samples, groups, or samples of the most frequent class; if classes
     *     or groups are not one a sample, or cannot be told from the dataset
     */
    public List<Fold> split(RandomAccessDataset dataset) {
        Require.given(dataset, "the dataset to be divided");
        int samples = Samples.count(dataset, "The dataset " + dataset.getClass().getName());
        FoldPlan plan = assignment.plan(dataset, samples);
        int[] assigned = seed == null ? plan.assign(folds) : plan.assign(folds, seed);
        List<Fold> split = new ArrayList<>(folds);
        for (int i = 0; i < folds; i++) {
            int fold = i;
            long[] val = places(assigned, fold, true);
            split.add(new Fold(fold, dataset, places(assigned, fold, false), val));
        }
        return List.copyOf(split);
    }

    private static long[] places(int[] assigned, int fold, boolean inside) {
        return IntStream.range(0, assigned.length)
                .filter(i -> assigned[i] == fold == inside)
                .asLongStream()
                .toArray();
    }

    private static long[] oneEach(long[] given, int samples, String what) {
        if (given.length != samples) {
            throw new DataException(given.length + " " + what + " were given for a dataset of " + samples
                    + " samples; give one for each sample, in the dataset's order");
        }
        return given;
    }

    private static TensorRows.Tensors labels(RandomAccessDataset dataset) {
        TensorRows.Tensors tensors = ReaderKind.tensors(dataset)
                .orElseThrow(
                        () -> new DataException(
                                "The classes of " + dataset.getClass().getName()
                                        + " are not known, as it does not lie in memory; give them: stratified(folds, classes)"));
        NDList labels = tensors.labels();
        if (labels.size() != 1) {
            throw new DataException("The dataset has " + labels.size()
                    + " labels, so which one holds the classes is not known; give them: stratified(folds, classes)");
        }
        return tensors;
    }

    @Override
    public String toString() {
        return folds + " " + kind + " folds" + (seed == null ? "" : " shuffled with seed " + seed);
    }
}
