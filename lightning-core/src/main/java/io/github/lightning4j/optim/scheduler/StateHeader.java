package io.github.lightning4j.optim.scheduler;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.LrScheduler;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;

/** How the state of every schedule begins: whose it is, how often it has stepped, and the values it was made with. */
final class StateHeader {
    private static final String VALUES = "values";

    private StateHeader() {}

    static void save(LrScheduler scheduler, long step, StateWriter state) {
        state.putString("scheduler", scheduler.name());
        state.putLong("step", step);
        ScheduleValues.save(scheduler, state.child(VALUES));
    }

    /** Refuses the state of another schedule, and returns how often this one had stepped. */
    static long load(LrScheduler scheduler, StateReader state) {
        String saved = state.getString("scheduler");
        if (!saved.equals(scheduler.name())) {
            throw new CheckpointException("The checkpoint holds the state of the scheduler " + saved
                    + ", but the module configured " + scheduler.name()
                    + ". Configure the same scheduler, or load the weights alone.");
        }
        if (state.has(VALUES)) {
            ScheduleValues.reportChanges(scheduler, state.child(VALUES));
        }
        return state.getLong("step");
    }
}
