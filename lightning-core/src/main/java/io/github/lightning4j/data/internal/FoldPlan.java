package io.github.lightning4j.data.internal;

import io.github.lightning4j.DataException;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Seeds.Purpose;

/** Which fold each sample is held out in. */
public interface FoldPlan {
    /** The fold of each sample, in the order of the samples. */
    int[] assign(int folds);

    /** The same, dealt out at random. */
    int[] assign(int folds, long seed);

    /** The numbers from 0 to size - 1 in a random order, another one for each stream. */
    static long[] shuffled(int size, long seed, int stream) {
        return Permutation.of(size, new Seeds(seed).of(Purpose.SPLIT, 0, stream));
    }

    static void requireEnough(int folds, int count, String what) {
        if (count < folds) {
            throw new DataException(folds + " folds cannot be made of " + count + " " + what + "; take at most " + count
                    + " folds, or more data");
        }
    }

    /** As evenly as possible: the first {@code count % folds} have one more than the others. */
    static int size(int fold, int folds, int count) {
        return count / folds + (fold < count % folds ? 1 : 0);
    }
}
