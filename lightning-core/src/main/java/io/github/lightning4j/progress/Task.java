package io.github.lightning4j.progress;

/** One pass over batches: how far it is and how long it takes. Times are in nanoseconds of one clock. */
final class Task {
    static final long UNKNOWN = -1;

    private final String title;
    private final long total;
    private final long skipped;
    private final long start;
    private long done;
    private long samples;
    private long paused;
    private long pauseStart;
    private long warmUp = UNKNOWN;

    /**
     * Starts a pass.
     *
     * @param title what it is
     * @param total its number of batches, or {@link #UNKNOWN}
     * @param skipped how many of them are done already, in a resumed epoch
     * @param now the time
     */
    Task(String title, long total, long skipped, long now) {
        this.title = title;
        this.total = total;
        this.skipped = skipped;
        this.done = skipped;
        this.start = now;
    }

    void batchesDone(long count, long now) {
        done = count;
        if (warmUp == UNKNOWN) {
            warmUp = active(now);
        }
    }

    void addSamples(long count) {
        samples += count;
    }

    void setSamples(long count) {
        samples = count;
    }

    void pause(long now) {
        pauseStart = now;
    }

    void resume(long now) {
        paused += now - pauseStart;
    }

    String title() {
        return title;
    }

    long total() {
        return total;
    }

    long done() {
        return done;
    }

    boolean hasProgress() {
        return done > skipped;
    }

    /** How much is done, from 0 to 1; 0 where the total is not known. */
    double fraction() {
        return total <= 0 ? 0 : Math.min(1.0, (double) done / total);
    }

    /** The time since the start, pauses included. */
    long elapsed(long now) {
        return now - start;
    }

    private long active(long now) {
        return now - start - paused;
    }

    /** Samples a second of active time; NaN while nothing is done. */
    double samplesPerSecond(long now) {
        return samples == 0 ? Double.NaN : samples * 1e9 / Math.max(1, active(now));
    }

    /** Batches a second of active time; NaN while nothing is done. */
    double batchesPerSecond(long now) {
        return hasProgress() ? (done - skipped) * 1e9 / Math.max(1, active(now)) : Double.NaN;
    }

    /** The time left at the pace so far, the first batch left out since it warms things up; {@link #UNKNOWN} at first. */
    long remaining(long now) {
        long paced = done - skipped - 1;
        if (total == UNKNOWN || paced < 1) {
            return UNKNOWN;
        }
        return (long) ((double) (active(now) - warmUp) / paced * Math.max(0, total - done));
    }
}
