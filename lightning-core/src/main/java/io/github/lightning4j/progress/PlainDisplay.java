package io.github.lightning4j.progress;

import io.github.lightning4j.Run;
import io.github.lightning4j.internal.number.Shares;
import java.io.PrintStream;
import java.util.Map;

/**
 * Whole lines, for logs, pipes and consoles that cannot draw over a line: one at the end of each task, and in between
 * one for every tenth of it, but none within ten seconds and one a minute at least.
 */
final class PlainDisplay implements Display {
    private static final long SECOND = 1_000_000_000L;
    private static final double TENTH = 0.1 - 1e-9;

    private final PrintStream out;
    private double lastFraction;
    private long lastLine;

    PlainDisplay(PrintStream out) {
        this.out = out;
    }

    @Override
    public long interval() {
        return SECOND;
    }

    @Override
    public void trainingStarts(Run run, long now) {}

    @Override
    public void trainingEnds(Run run, long now) {}

    @Override
    public void show(Task task, Run run, long now) {
        lastFraction = task.fraction();
        lastLine = now;
    }

    @Override
    public void update(Task task, Run run, long now) {
        long silence = now - lastLine;
        boolean due = silence >= 60 * SECOND || (silence >= 10 * SECOND && task.fraction() - lastFraction >= TENTH);
        if (!due) {
            return;
        }
        lastFraction = task.fraction();
        lastLine = now;
        StringBuilder line = new StringBuilder(task.title()).append(": ").append(task.done());
        if (task.total() > 0) {
            line.append('/')
                    .append(task.total())
                    .append(" (")
                    .append(Shares.floor(100, task.fraction()))
                    .append("%)");
        } else {
            line.append(" batches");
        }
        line.append(" in ").append(Text.duration(task.elapsed(now)));
        long left = task.remaining(now);
        if (left != Task.UNKNOWN) {
            line.append(", ").append(Text.duration(left)).append(" left");
        }
        print(line, task, run.progressBarMetrics(), now);
    }

    @Override
    public void finish(Task task, Run run, long now) {
        StringBuilder line = new StringBuilder(task.title()).append(": ").append(task.done());
        if (task.done() < task.total()) {
            line.append('/').append(task.total());
        }
        line.append(task.done() == 1 ? " batch in " : " batches in ").append(Text.duration(task.elapsed(now)));
        print(line, task, run.progressBarMetrics(), now);
    }

    @Override
    public void discard() {}

    @Override
    public void leave() {}

    private void print(StringBuilder line, Task task, Map<String, Double> metrics, long now) {
        double rate = task.samplesPerSecond(now);
        if (!Double.isNaN(rate)) {
            line.append(", ").append(Text.rate(rate));
        }
        if (!metrics.isEmpty()) {
            line.append(", ").append(Text.metrics(metrics, ", "));
        }
        out.println(line);
        out.flush();
    }
}
