package io.github.lightning4j.metric;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.Require;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.Arrays;

/**
 * The mean of the last numbers, such as the losses of the last steps.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/aggregation.html">torchmetrics</a>
 */
public final class RunningMean extends Aggregation {
    private final double[] ring;
    private long seen;

    /**
     * Creates an empty one over the last 5 numbers.
     */
    public RunningMean() {
        this(5);
    }

    /**
     * Creates an empty one.
     *
     * @param window how many numbers it is the mean of, 1 or more
     * @throws io.github.lightning4j.ConfigurationException if it is below 1
     */
    public RunningMean(int window) {
        ring = new double[Require.atLeast(1, window, "RunningMean window")];
    }

    @Override
    public void update(double value) {
        ring[(int) (seen++ % ring.length)] = value;
    }

    @Override
    public double compute() {
        int count = (int) Math.min(seen, ring.length);
        return Arrays.stream(ring, 0, count).average().orElse(Double.NaN);
    }

    @Override
    public void reset() {
        Arrays.fill(ring, 0);
        seen = 0;
    }

    @Override
    public void save(StateWriter state) {
        state.putDoubles("ring", ring);
        state.putLong("seen", seen);
    }

    @Override
    public void load(StateReader state) {
        double[] saved = state.getDoubles("ring");
        if (saved.length != ring.length) {
            throw new CheckpointException("RunningMean was saved with a window of " + saved.length + ", but has "
                    + ring.length + ". Make it with the window it was saved with.");
        }
        System.arraycopy(saved, 0, ring, 0, ring.length);
        seen = state.getLong("seen", 0);
    }
}
