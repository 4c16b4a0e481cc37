package io.github.lightning4j.progress;

import io.github.lightning4j.internal.number.Shares;
import java.io.PrintStream;
import java.util.Map;

/**
 * One line of a terminal, drawn over and over. Wrapping is off while it is drawn, so a line too long for the terminal is
 * cut at its edge instead of breaking into several that could not be drawn over; the space at its end is what the
 * terminal then shows in its last column.
 */
final class LiveDisplay implements Display {
    private static final int CELLS = 20;
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String WRAP = " \u001b[?7h";
    private static final String ERASE_TO_END = "\u001b[K";
    private static final String GREEN = "\u001b[32m";
    private static final String DIM = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintStream out;
    private final boolean colour;
    private final String doneCell;
    private final String leftCell;
    private int lastLength;

    LiveDisplay(PrintStream out, boolean unicode, boolean colour) {
        this.out = out;
        this.colour = colour;
        this.doneCell = unicode ? "\u2501" : "=";
        this.leftCell = unicode ? colour ? "\u2501" : "\u2500" : "-";
    }

    @Override
    public long interval() {
        return 80_000_000L;
    }

    @Override
    public void show(Task task, Map<String, Double> metrics, long now) {
        update(task, metrics, now);
    }

    @Override
    public void update(Task task, Map<String, Double> metrics, long now) {
        long left = task.remaining(now);
        draw(task, metrics, now, left == Task.UNKNOWN ? "" : " < " + Text.duration(left), NO_WRAP, WRAP);
    }

    @Override
    public void finish(Task task, Map<String, Double> metrics, long now) {
        draw(task, metrics, now, "", "", "\n");
        lastLength = 0;
    }

    @Override
    public void discard() {
        if (lastLength > 0) {
            print("\r" + ERASE_TO_END);
            lastLength = 0;
        }
    }

    @Override
    public void leave() {
        if (lastLength > 0) {
            print("\n");
            lastLength = 0;
        }
    }

    private void draw(Task task, Map<String, Double> metrics, long now, String left, String before, String after) {
        StringBuilder line = new StringBuilder(task.title()).append(' ');
        int invisible = task.total() > 0 ? bar(line, task.fraction()) : 0;
        line.append(count(task))
                .append(' ')
                .append(Text.duration(task.elapsed(now)))
                .append(left);
        double rate = task.samplesPerSecond(now);
        if (!Double.isNaN(rate)) {
            line.append(' ').append(Text.rate(rate));
        }
        if (!metrics.isEmpty()) {
            line.append("  ").append(Text.metrics(metrics, " "));
        }
        int length = line.length() - invisible;
        print("\r" + before + line + (length < lastLength ? ERASE_TO_END : "") + after);
        lastLength = length;
    }

    /** Appends the bar and returns how many of its characters are not seen. */
    private int bar(StringBuilder line, double fraction) {
        int done = (int) Shares.floor(CELLS, fraction);
        int before = line.length();
        if (colour) {
            line.append(GREEN).append(doneCell.repeat(done)).append(PLAIN);
            line.append(DIM).append(leftCell.repeat(CELLS - done)).append(PLAIN);
        } else {
            line.append(doneCell.repeat(done)).append(leftCell.repeat(CELLS - done));
        }
        int invisible = line.length() - before - CELLS;
        line.append(' ');
        return invisible;
    }

    private static String count(Task task) {
        String done = Long.toString(task.done());
        if (task.total() == Task.UNKNOWN) {
            return done + " batches";
        }
        String total = Long.toString(task.total());
        return " ".repeat(Math.max(0, total.length() - done.length())) + done + "/" + total;
    }

    private void print(String text) {
        out.print(text);
        out.flush();
    }
}
