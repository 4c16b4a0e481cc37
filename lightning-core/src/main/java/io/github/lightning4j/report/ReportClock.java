package io.github.lightning4j.report;

import java.io.IOException;

/** How long a run has run, and when its page may be written again. */
final class ReportClock {
    private static final long LEAST_NANOS = 2_000_000_000L;
    private static final long TIMES_ITS_COST = 100;

    private long startedAt = System.nanoTime();
    private double before;
    private long dueAt;

    /** What is written. */
    interface Writing {
        void run() throws IOException;
    }

    /** Starts, after so many seconds of earlier starts. */
    void start(double secondsBefore) {
        before = secondsBefore;
        startedAt = System.nanoTime();
        dueAt = startedAt + LEAST_NANOS;
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
            dueAt = now + Math.max(LEAST_NANOS, TIMES_ITS_COST * (now - from));
        }
    }
}
