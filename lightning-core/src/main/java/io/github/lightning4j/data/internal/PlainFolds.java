package io.github.lightning4j.data.internal;

import java.util.stream.LongStream;

/** Consecutive runs of the samples, or of the samples in a random order. */
public record PlainFolds(int samples) implements FoldPlan {
    @Override
    public int[] assign(int folds) {
        return assign(folds, LongStream.range(0, samples).toArray());
    }

    @Override
    public int[] assign(int folds, long seed) {
        return assign(folds, FoldPlan.shuffled(samples, seed, 0));
    }

    private int[] assign(int folds, long[] order) {
        FoldPlan.requireEnough(folds, samples, "samples");
        int[] assigned = new int[samples];
        int next = 0;
        for (int fold = 0; fold < folds; fold++) {
            int end = next + FoldPlan.size(fold, folds, samples);
            while (next < end) {
                assigned[(int) order[next++]] = fold;
            }
        }
        return assigned;
    }
}
