package io.github.lightning4j.progress;

import io.github.lightning4j.Run;

/** Shows one task at a time. */
interface Display {
    /** The least time between two updates, in nanoseconds. */
    long interval();

    /** The training of a fit starts. */
    void trainingStarts(Run run, long now);

    /** The training of a fit is over, and its last task finished. */
    void trainingEnds(Run run, long now);

    /** A task starts or goes on after another one. */
    void show(Task task, Run run, long now);

    /** The task has come further; called at most once an {@link #interval}. */
    void update(Task task, Run run, long now);

    /** The task is over; its last state stays to be read. */
    void finish(Task task, Run run, long now);

    /** The task is over and leaves no trace. */
    void discard();

    /** Nothing more comes, maybe unexpectedly: leaves the cursor at the start of a line. */
    void leave();
}
