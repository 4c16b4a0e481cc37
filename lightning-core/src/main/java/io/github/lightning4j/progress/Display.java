package io.github.lightning4j.progress;

import java.util.Map;

/** Shows one task at a time. */
interface Display {
    /** The least time between two updates, in nanoseconds. */
    long interval();

    /** A task starts or goes on after another one. */
    void show(Task task, Map<String, Double> metrics, long now);

    /** The task has come further; called at most once an {@link #interval}. */
    void update(Task task, Map<String, Double> metrics, long now);

    /** The task is over; its last state stays to be read. */
    void finish(Task task, Map<String, Double> metrics, long now);

    /** The task is over and leaves no trace. */
    void discard();

    /** Nothing more comes, maybe unexpectedly: leaves the cursor at the start of a line. */
    void leave();
}
