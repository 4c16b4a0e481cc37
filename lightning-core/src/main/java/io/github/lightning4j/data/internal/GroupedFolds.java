package io.github.lightning4j.data.internal;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Whole groups of samples: the largest first, each to the fold that has the fewest samples; or any, as many to each fold. */
public final class GroupedFolds implements FoldPlan {
    private final long[] groups;
    private final long[] names;
    private final int[] numbers;

    /** The array holds the group of each sample. */
    public GroupedFolds(long[] groups) {
        this.groups = groups;
        names = Arrays.stream(groups).distinct().sorted().toArray();
        numbers = Arrays.stream(groups)
                .mapToInt(group -> Arrays.binarySearch(names, group))
                .toArray();
    }

    @Override
    public int[] assign(int folds) {
        requireEnough(folds);
        int[] sizes = new int[names.length];
        Arrays.stream(numbers).forEach(group -> sizes[group]++);
        int[] ofGroup = new int[names.length];
        int[] filled = new int[folds];
        for (int group : largestFirst(sizes)) {
            int lightest = IntStream.range(0, folds)
                    .boxed()
                    .min(Comparator.comparing(fold -> filled[fold]))
                    .orElseThrow();
            ofGroup[group] = lightest;
            filled[lightest] += sizes[group];
        }
        return Arrays.stream(numbers).map(group -> ofGroup[group]).toArray();
    }

    /** Of equally large groups the one with the greater name, as numpy's reversed order has it. */
    private static List<Integer> largestFirst(int[] sizes) {
        return IntStream.range(0, sizes.length)
                .boxed()
                .sorted(Comparator.comparing((Integer group) -> sizes[group])
                        .thenComparing(Comparator.naturalOrder())
                        .reversed())
                .toList();
    }

    @Override
    public int[] assign(int folds, long seed) {
        requireEnough(folds);
        int[] ofGroup = new PlainFolds(names.length).assign(folds, seed);
        return Arrays.stream(numbers).map(group -> ofGroup[group]).toArray();
    }

    private void requireEnough(int folds) {
        FoldPlan.requireEnough(folds, names.length, "groups of " + groups.length + " samples");
    }
}
