package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.List;

/** What schedules that are made of others have in common. */
abstract class SchedulerOfSeveral extends TorchScheduler {
    final List<TorchScheduler> schedulers;

    SchedulerOfSeveral(String name, TorchScheduler... schedulers) {
        super(Checks.commonOptimizer(name, schedulers));
        this.schedulers = List.of(schedulers);
    }

    @Override
    final void undo() {
        schedulers.forEach(TorchScheduler::undo);
    }

    @Override
    final double nextLr(int group) {
        return group(group).lr();
    }

    @Override
    public final boolean meantForSteps() {
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
