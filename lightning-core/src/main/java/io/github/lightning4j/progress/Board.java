package io.github.lightning4j.progress;

import io.github.lightning4j.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The training of a fit in several lines: epoch and whole, metrics, learning rates, memory and checkpoints. */
final class Board {
    private static final int LABEL = 15;
    private static final int LEAST_CELLS = 20;
    private static final int MOST_CELLS = 64;
    private static final int BESIDES_BAR = 60;
    private static final int TITLE = 23;
    private static final int TIMES = 16;

    private final Theme theme;
    private final Whole whole;
    private final MetricsTable metrics;
    private final Seldom memory = new Seldom(MemoryUse::text);
    private final Seldom checkpoints;

    Board(Theme theme, Run run, long now) {
        this.theme = theme;
        this.whole = new Whole(run, now);
        this.metrics = new MetricsTable(theme);
        this.checkpoints = new Seldom(() -> CheckpointFiles.text(run));
    }

    /** Takes the newest values. */
    void observe(Map<String, Double> values, Run run) {
        metrics.observe(values, run);
    }

    /** All of it, while a task goes on. */
    List<String> lines(Task task, Run run, WindowSize size, long now) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        String count = Text.count(task);
        String steps = whole.count(run);
        int width = Math.max(count.length(), steps.length());
        int cells = Math.max(LEAST_CELLS, Math.min(MOST_CELLS, size.columns() - BESIDES_BAR - width));
        double fraction = task.total() > 0 ? task.fraction() : Double.NaN;
        lines.add(line(task.title(), bar(cells, fraction), Text.padded(count, width))
                + times(task.elapsed(now), task.remaining(now))
                + rates(task, now));
        lines.add(line("Training", bar(cells, whole.fraction(run)), Text.padded(steps, width))
                + times(whole.elapsed(now), whole.remaining(run, now)));
        lines.addAll(details(run, size, now));
        return lines;
    }

    /** What stays when it is over. */
    List<String> details(Run run, WindowSize size, long now) {
        List<String> lines = new ArrayList<>();
        List<String> table = metrics.lines(size.columns() - 1, size.rows() / 2);
        if (!table.isEmpty()) {
            lines.add("");
            lines.addAll(table);
        }
        lines.add("");
        addFact(lines, "learning rate", LearningRates.text(run));
        addFact(lines, "memory", memory.text(now));
        addFact(lines, "checkpoint", checkpoints.text(now));
        return lines;
    }

    private void addFact(List<String> lines, String label, String fact) {
        if (!fact.isEmpty()) {
            lines.add(theme.dim(Text.padded(label, LABEL)) + fact);
        }
    }

    private String bar(int cells, double fraction) {
        return Double.isNaN(fraction) ? " ".repeat(cells) : theme.bar(cells, fraction);
    }

    private static String line(String title, String bar, String count) {
        return Text.padded(title, TITLE) + bar + " " + count;
    }

    private static String times(long elapsed, long left) {
        String text = Text.duration(elapsed) + (left == Task.UNKNOWN ? "" : " < " + Text.duration(left));
        return "  " + Text.padded(text, TIMES);
    }

    private static String rates(Task task, long now) {
        double samples = task.samplesPerSecond(now);
        return Double.isNaN(samples) ? "" : Text.rate(samples);
    }
}
