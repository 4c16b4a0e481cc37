package io.github.lightning4j.trainer.internal.step;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** How many batches an optimizer step is made of, epoch by epoch. */
public final class Accumulation {
    private NavigableMap<Long, Integer> fromEpoch;
    private boolean scheduled;
    private long lookedUp = -1;
    private int found;

    /** The same number in all epochs. */
    public Accumulation(int batches) {
        fromEpoch = new TreeMap<>(Map.of(0L, batches));
    }

    /** Takes other numbers, each from its epoch on; epoch 0 has one. */
    public void follow(NavigableMap<Long, Integer> schedule) {
        fromEpoch = new TreeMap<>(schedule);
        scheduled = true;
    }

    /** Whether the numbers were given by {@link #follow}. */
    public boolean isScheduled() {
        return scheduled;
    }

    /** The batches of a step in an epoch. */
    int in(long epoch) {
        if (epoch != lookedUp) {
            lookedUp = epoch;
            found = fromEpoch.floorEntry(epoch).getValue();
        }
        return found;
    }

    /**
     * The steps of so many epochs, whose last windows may be short; -1 if that is not known.
     *
     * @param epochs the epochs, or -1 for no limit
     * @param batches the batches of each, or -1 if they are not known
     */
    public long steps(long epochs, long batches) {
        if (epochs < 0 || batches < 0) {
            return -1;
        }
        long steps = 0;
        for (Map.Entry<Long, Integer> entry : fromEpoch.headMap(epochs).entrySet()) {
            Long next = fromEpoch.higherKey(entry.getKey());
            long until = next == null ? epochs : Math.min(epochs, next);
            steps += (until - entry.getKey()) * -Math.floorDiv(-batches, (long) entry.getValue());
        }
        return steps;
    }
}
