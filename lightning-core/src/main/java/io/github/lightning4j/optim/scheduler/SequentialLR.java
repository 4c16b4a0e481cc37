package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.List;

/**
 * Runs one schedule after the other: the second takes over at the first milestone, and so on, each from its own start.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.SequentialLR.html">torch's SequentialLR</a>
 */
public final class SequentialLR extends SchedulerOfSeveral {
    private final long[] milestones;
    private long position;

    /**
     * Creates the sequence.
     *
     * @param schedulers the schedules, at least one, all of the same optimizer
     * @param milestones the steps at which the next takes over, rising; one fewer than there are schedules
     * @throws ConfigurationException if the numbers do not fit, the milestones do not rise, or the schedules belong to
     *     different optimizers
     */
    public SequentialLR(List<? extends TorchScheduler> schedulers, long... milestones) {
        super("SequentialLR", schedulers.toArray(TorchScheduler[]::new));
        this.milestones = milestones.clone();
        if (milestones.length != schedulers.size() - 1) {
            throw new ConfigurationException("SequentialLR: there are " + milestones.length + " milestones for "
                    + schedulers.size() + " schedules; give one fewer than schedules.");
        }
        for (int i = 0; i < milestones.length; i++) {
            Require.atLeast(i == 0 ? 1 : milestones[i - 1] + 1, milestones[i], "SequentialLR: milestone " + i);
        }
        for (int i = 0; i < groupCount(); i++) {
            group(i).setLr(baseLr(i));
        }
        undo();
        this.schedulers.get(0).start();
        rememberLr();
    }

    @Override
    public void step() {
        position++;
        int current = at(position);
        TorchScheduler scheduler = schedulers.get(current);
        if (current > 0 && milestones[current - 1] == position) {
            scheduler.restart();
        } else {
            scheduler.step();
        }
        rememberLr();
    }

    private int at(long step) {
        int current = 0;
        while (current < milestones.length && milestones[current] <= step) {
            current++;
        }
        return current;
    }

    @Override
    public void requireNext() {
        int next = at(position + 1);
        if (next == 0 || milestones[next - 1] != position + 1) {
            schedulers.get(next).requireNext();
        }
    }

    @Override
    void start() {
        position = 0;
        schedulers.get(0).start();
        rememberLr();
    }

    @Override
    void restart() {
        position = 0;
        schedulers.get(0).restart();
        rememberLr();
    }

    @Override
    public void save(StateWriter state) {
        super.save(state);
        state.putLong("position", position);
    }

    @Override
    public void load(StateReader state) {
        super.load(state);
        position = state.getLong("position");
    }
}
