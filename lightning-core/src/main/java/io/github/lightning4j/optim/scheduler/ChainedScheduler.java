package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.List;

/**
 * Steps several schedules of one optimizer together, so that their factors multiply.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ChainedScheduler.html">torch's ChainedScheduler</a>
 */
public final class ChainedScheduler extends TorchScheduler {
    private final List<TorchScheduler> schedulers;

    /**
     * Creates the chain.
     *
     * @param schedulers the schedules, at least one, all of the same optimizer
     * @throws ConfigurationException if there is none, or they belong to different optimizers
     */
    public ChainedScheduler(TorchScheduler... schedulers) {
        super(Checks.commonOptimizer("ChainedScheduler", schedulers));
        this.schedulers = List.of(schedulers);
    }

    @Override
    public void step() {
        schedulers.forEach(TorchScheduler::step);
        rememberLr();
    }

    @Override
    void restart() {
        schedulers.forEach(TorchScheduler::restart);
        rememberLr();
    }

    @Override
    void undo() {
        schedulers.forEach(TorchScheduler::undo);
    }

    @Override
    void start() {
        schedulers.forEach(TorchScheduler::start);
        rememberLr();
    }

    @Override
    double nextLr(int group) {
        return group(group).lr();
    }

    @Override
    public boolean meantForSteps() {
        return schedulers.stream().anyMatch(TorchScheduler::meantForSteps);
    }

    @Override
    public void save(StateWriter state) {
        super.save(state);
        for (int i = 0; i < schedulers.size(); i++) {
            schedulers.get(i).save(state.child("scheduler " + i));
        }
    }

    @Override
    public void load(StateReader state) {
        super.load(state);
        for (int i = 0; i < schedulers.size(); i++) {
            schedulers.get(i).load(state.child("scheduler " + i));
        }
    }
}
