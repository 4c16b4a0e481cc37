package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.LrScheduler;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;

/** How the state of every schedule begins: whose it is, and how often it has stepped. */
final class StateHeader {
    private StateHeader() {}

    static void save(LrScheduler scheduler, long step, StateWriter state) {
        state.putString("scheduler", scheduler.name());
        state.putLong("step", step);
    }

    /** Refuses the state of another schedule, and returns how often this one had stepped. */
    static long load(LrScheduler scheduler, StateReader state) {
        String saved = state.getString("scheduler");
        if (!saved.equals(scheduler.name())) {
            throw new CheckpointException("The checkpoint holds the state of the scheduler " + saved
                    + ", but the module configured " + scheduler.name()
                    + ". Configure the same scheduler, or load the weights alone.");
        }
        return state.getLong("step");
    }
}
