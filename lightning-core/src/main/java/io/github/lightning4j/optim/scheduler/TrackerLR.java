package io.github.lightning4j.optim.scheduler;

import ai.djl.training.tracker.Tracker;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;

/**
 * A schedule made of DJL's {@link Tracker}: after t steps every group has the rate {@code tracker.getNewValue(t)}.
 *
 * <p>DJL's trackers count updates from 0; its optimizers ask for the value of their first update with 1. Trackers
 * compute in float32.
 */
public final class TrackerLR extends TorchScheduler {
    private final Tracker tracker;

    /**
     * Creates the schedule.
     *
     * @param optimizer the optimizer
     * @param tracker the tracker, used by no one else
     */
    public TrackerLR(Optimizer optimizer, Tracker tracker) {
        super(optimizer);
        this.tracker = tracker;
        start();
    }

    @Override
    double nextLr(int group) {
        if (stepCount() > Integer.MAX_VALUE) {
            throw new ConfigurationException("TrackerLR cannot count beyond " + Integer.MAX_VALUE + " steps.");
        }
        return tracker.getNewValue((int) stepCount());
    }

    @Override
    public boolean meantForSteps() {
        return true;
    }
}
