package io.github.lightning4j.data.internal;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * As many samples of each class in every fold as can be. Of the samples sorted by class, numbered by their first occurrence,
 * every folds-th belongs to a fold; that gives the counts, and the samples of a class fill them fold by fold.
 */
public final class StratifiedFolds implements FoldPlan {
    private static final Logger LOG = LoggerFactory.getLogger(StratifiedFolds.class);

    private final int[] classes;
    private final int[] counts;

    /** The array holds the class of each sample. */
    public StratifiedFolds(long[] classes) {
        Map<Long, Integer> numbers = new LinkedHashMap<>();
        this.classes = new int[classes.length];
        for (int i = 0; i < classes.length; i++) {
            Integer known = numbers.putIfAbsent(classes[i], numbers.size());
            this.classes[i] = known == null ? numbers.size() - 1 : known;
        }
        counts = new int[numbers.size()];
        Arrays.stream(this.classes).forEach(label -> counts[label]++);
    }

    @Override
    public int[] assign(int folds) {
        int[][] slots = slots(folds);
        return fill(slots);
    }

    @Override
    public int[] assign(int folds, long seed) {
        int[][] slots = slots(folds);
        for (int label = 0; label < slots.length; label++) {
            int[] inOrder = slots[label];
            long[] order = FoldPlan.shuffled(inOrder.length, seed, label + 1);
            slots[label] = Arrays.stream(order).mapToInt(i -> inOrder[(int) i]).toArray();
        }
        return fill(slots);
    }

    private int[] fill(int[][] slots) {
        int[] next = new int[slots.length];
        return Arrays.stream(classes).map(label -> slots[label][next[label]++]).toArray();
    }

    /** For each class the folds of its samples, rising. */
    private int[][] slots(int folds) {
        requireEnough(folds);
        int[] sorted = classes.clone();
        Arrays.sort(sorted);
        int[][] slots = new int[counts.length][];
        for (int label = 0; label < counts.length; label++) {
            slots[label] = new int[counts[label]];
        }
        int[] filled = new int[counts.length];
        for (int fold = 0; fold < folds; fold++) {
            for (int i = fold; i < sorted.length; i += folds) {
                int label = sorted[i];
                slots[label][filled[label]++] = fold;
            }
        }
        return slots;
    }

    private void requireEnough(int folds) {
        FoldPlan.requireEnough(folds, Arrays.stream(counts).max().orElse(0), "samples of the most frequent class");
        int least = Arrays.stream(counts).min().orElse(0);
        if (least < folds) {
            LOG.warn("A class has {} samples, fewer than the {} folds: some folds hold out none of it", least, folds);
        }
    }
}
