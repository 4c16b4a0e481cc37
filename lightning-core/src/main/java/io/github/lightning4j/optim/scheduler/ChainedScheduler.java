package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.ConfigurationException;

/**
 * Steps several schedules of one optimizer together, so that their factors multiply.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ChainedScheduler.html">torch's ChainedScheduler</a>
 */
public final class ChainedScheduler extends SchedulerOfSeveral {
    /**
     * Creates the chain.
     *
     * @param schedulers the schedules, at least one, all of the same optimizer
     * @throws ConfigurationException if there is none, or they belong to different optimizers
     */
    public ChainedScheduler(TorchScheduler... schedulers) {
        super("ChainedScheduler", schedulers);
    }

    @Override
    public void step() {
        schedulers.forEach(TorchScheduler::step);
        rememberLr();
    }

    @Override
    public void requireNext() {
        schedulers.forEach(TorchScheduler::requireNext);
    }

    @Override
    void restart() {
        schedulers.forEach(TorchScheduler::restart);
        rememberLr();
    }

    @Override
    void start() {
        schedulers.forEach(TorchScheduler::start);
        rememberLr();
    }
}
