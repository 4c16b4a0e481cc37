package io.github.lightning4j.plot;

import java.util.ArrayList;
import java.util.List;

/** The names of lines, in rows above them. */
final class Legend {
    private static final int MOST_ROWS = 3;
    private static final int ROW = 22;
    private static final int LEFT = 80;
    private static final int RIGHT = Frame.WIDTH - 30;
    private static final int SAMPLE = 34;
    private static final int GAP = 24;
    private static final int WIDEST = 220;
    private static final int REST = 110;

    private final List<Entry> entries = new ArrayList<>();
    private int rows;

    private record Entry(String name, Look look, boolean band, double x, int row) {}

    /** Of lines that have names; those that find no room are counted. */
    Legend(List<Line> lines) {
        double x = LEFT;
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (line.name().isEmpty()) {
                continue;
            }
            String name = Frame.SMALL.fitted(line.name(), WIDEST);
            double width = SAMPLE + Frame.SMALL.width(name) + GAP;
            if (rows == 0 || x + width > RIGHT - (rows == MOST_ROWS ? REST : 0)) {
                if (rows == MOST_ROWS) {
                    entries.add(new Entry("and " + named(lines, i) + " more", Look.of(0), false, x, -rows));
                    return;
                }
                rows++;
                x = LEFT;
            }
            entries.add(new Entry(name, Look.of(line.look()), line.isBand(), x, rows));
            x += width;
        }
    }

    private static long named(List<Line> lines, int from) {
        return lines.stream().skip(from).filter(line -> !line.name().isEmpty()).count();
    }

    int height() {
        return rows * ROW;
    }

    void draw(Pen pen) {
        for (Entry entry : entries) {
            double y = Frame.TOP + (Math.abs(entry.row) - 0.5) * ROW - 4;
            if (entry.row < 0) {
                pen.text(entry.name, entry.x, y + 5, Frame.SMALL);
                continue;
            }
            sample(pen, entry, y);
            pen.text(entry.name, entry.x + SAMPLE, y + 5, Frame.SMALL);
        }
    }

    private static void sample(Pen pen, Entry entry, double y) {
        if (entry.band) {
            Line.fill(pen, entry.look, new double[] {entry.x, entry.x + 28, entry.x + 28, entry.x}, new double[] {
                y - 6, y - 6, y + 6, y + 6
            });
            return;
        }
        pen.line(entry.x, y, entry.x + 28, y, entry.look.stroke());
        if (entry.look.hasMark()) {
            entry.look.drawMark(pen, entry.x + 14, y);
        }
    }
}
