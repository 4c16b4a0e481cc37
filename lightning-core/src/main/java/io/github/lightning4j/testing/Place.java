package io.github.lightning4j.testing;

import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;

/** Where a run is interrupted. */
public enum Place {
    /** After the first batch of all. */
    FIRST_BATCH("after its first batch", 1) {
        @Override
        boolean isReached(Run run, SavePoint point) {
            return point == SavePoint.BATCH && run.epoch() == 0 && run.batchesDone() == 1;
        }
    },

    /** In the middle of the second epoch. */
    INSIDE_EPOCH("inside its second epoch", 1) {
        @Override
        boolean isReached(Run run, SavePoint point) {
            return point == SavePoint.BATCH
                    && run.epoch() == 1
                    && run.batchesDone() == Math.max(1, run.trainBatches() / 2);
        }
    },

    /** In the second epoch, after the first of two batches whose gradients are accumulated. */
    INSIDE_WINDOW("inside an accumulation window", 2) {
        @Override
        boolean isReached(Run run, SavePoint point) {
            return point == SavePoint.BATCH && run.epoch() == 1 && run.batchesDone() == 1;
        }
    },

    /** Between the first epoch and the second. */
    END_OF_EPOCH("at the end of its first epoch", 1) {
        @Override
        boolean isReached(Run run, SavePoint point) {
            return point == SavePoint.EPOCH && run.epoch() == 1;
        }
    };

    private final String words;
    private final int window;

    Place(String words, int window) {
        this.words = words;
        this.window = window;
    }

    abstract boolean isReached(Run run, SavePoint point);

    /** The batches whose gradients are accumulated. */
    int window() {
        return window;
    }

    /** The place in words, to follow "interrupted". */
    @Override
    public String toString() {
        return words;
    }
}
