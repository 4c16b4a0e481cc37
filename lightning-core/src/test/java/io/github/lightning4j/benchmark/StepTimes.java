package io.github.lightning4j.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/** What each step of a loop costs: the time from one call of {@link #mark} to the next, on one thread. */
final class StepTimes {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final long[] wall;
    private final long[] cpu;
    private long lastWall;
    private long lastCpu;
    private boolean running;
    private int count;

    StepTimes(int capacity) {
        wall = new long[capacity];
        cpu = new long[capacity];
    }

    /** A step ends here and the next begins. */
    void mark() {
        long nowWall = System.nanoTime();
        long nowCpu = THREADS.getCurrentThreadCpuTime();
        if (running && count < wall.length) {
            wall[count] = nowWall - lastWall;
            cpu[count++] = nowCpu - lastCpu;
        }
        running = true;
        lastWall = nowWall;
        lastCpu = nowCpu;
    }

    /** What comes until the next mark belongs to no step. */
    void pause() {
        running = false;
    }

    int count() {
        return count;
    }

    double medianWallMicros(int from, int to) {
        return median(wall, from, to);
    }

    double medianCpuMicros(int from, int to) {
        return median(cpu, from, to);
    }

    /** The time that a part of the steps did not exceed. */
    double wallMicros(double part, int from, int to) {
        return quantile(wall, part, from, to);
    }

    private static double median(long[] values, int from, int to) {
        return quantile(values, 0.5, from, to);
    }

    private static double quantile(long[] values, double part, int from, int to) {
        long[] sorted = Arrays.copyOfRange(values, from, to);
        Arrays.sort(sorted);
        return sorted[(int) (sorted.length * part)] / 1e3;
    }
}
