package io.github.lightning4j.report;

import java.io.IOException;
import java.time.Duration;

/** How long a run has run, and when its page may be written again. */
final class ReportClock {
    private static final long TIMES_ITS_COST = 100;

    private final long leastNanos;
    private long startedAt = System.nanoTime();
    private double before;
    private long dueAt;

    /** Lets so much time pass before the page is written, at least. */
    ReportClock(Duration least) {
        leastNanos = least.toNanos();
    }

    /** What is written. */
    interface Writing {
        void run() throws IOException;
    }

    /** Starts, after so many seconds of earlier starts. */
    void start(double secondsBefore) {
        before = secondsBefore;
        startedAt = System.nanoTime();
        dueAt = startedAt + leastNanos;
    }

    double seconds() {
        return before + (System.nanoTime() - startedAt) / 1e9;
    }

    boolean isDue() {
        return System.nanoTime() - dueAt >= 0;
    }

    /** Writes, and sees to it that this takes about a hundredth of the time at most. */
    void timing(Writing writing) throws IOException {
        long from = System.nanoTime();
        try {
            writing.run();
        } finally {
            long now = System.nanoTime();
            dueAt = now + Math.max(leastNanos, TIMES_ITS_COST * (now - from));
        }
    }
}
