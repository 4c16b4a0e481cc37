package io.github.lightning4j.progress;

import io.github.lightning4j.Run;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One line of a terminal, drawn over and over; while a fit trains in a wide one, a block that says more. */
final class LiveDisplay implements Display {
    private static final int CELLS = 20;

    private final ScreenOwner owner;
    private final Theme theme;
    private @Nullable Screen screen;
    private @Nullable Board board;

    LiveDisplay(ScreenOwner owner, Theme theme) {
        this.owner = owner;
        this.theme = theme;
    }

    @Override
    public long interval() {
        return 80_000_000L;
    }

    @Override
    public void trainingStarts(Run run, long now) {
        board = new Board(theme, run, now);
    }

    @Override
    public void trainingEnds(Run run, long now) {
        if (board != null && screen().size().isWide()) {
            screen().draw(new BlockRegion(board.details(run, screen().size(), now)));
        }
        board = null;
    }

    @Override
    public void show(Task task, Run run, long now) {
        update(task, run, now);
    }

    @Override
    public void update(Task task, Run run, long now) {
        Map<String, Double> metrics = run.progressBarMetrics();
        if (board != null) {
            board.observe(metrics, run);
        }
        screen().draw(region(task, metrics, run, now));
    }

    private Region region(Task task, Map<String, Double> metrics, Run run, long now) {
        WindowSize size = screen().size();
        if (board != null && size.isWide()) {
            return new BlockRegion(board.lines(task, run, size, now));
        }
        long left = task.remaining(now);
        return new LineRegion(line(task, metrics, now, left == Task.UNKNOWN ? "" : " < " + Text.duration(left)));
    }

    @Override
    public void finish(Task task, Run run, long now) {
        Map<String, Double> metrics = run.progressBarMetrics();
        if (board != null) {
            board.observe(metrics, run);
        }
        screen().keep(line(task, metrics, now, ""));
    }

    @Override
    public void discard() {
        if (screen != null) {
            screen.erase();
        }
    }

    @Override
    public void leave() {
        board = null;
        if (screen != null) {
            screen.leave();
            screen = null;
            owner.close();
        }
    }

    private Screen screen() {
        Screen open = screen;
        if (open == null) {
            open = owner.open();
            screen = open;
        }
        return open;
    }

    private String line(Task task, Map<String, Double> metrics, long now, String left) {
        StringBuilder line = new StringBuilder(task.title()).append(' ');
        if (task.total() > 0) {
            line.append(theme.bar(CELLS, task.fraction())).append(' ');
        }
        line.append(Text.count(task))
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
        return line.toString();
    }
}
