package io.github.lightning4j.trainer.internal.run;

/** How long a run has trained, over all of its starts. It stands still until it is started. */
public final class TrainingClock {
    private long before;
    private long startedAt;
    private boolean started;

    /** Earlier starts have trained so many nanoseconds. */
    public void goOnFrom(long nanos) {
        before = nanos;
    }

    /** The training begins. */
    public void start() {
        startedAt = System.nanoTime();
        started = true;
    }

    /** The nanoseconds so far. */
    public long nanos() {
        return before + (started ? System.nanoTime() - startedAt : 0);
    }
}
