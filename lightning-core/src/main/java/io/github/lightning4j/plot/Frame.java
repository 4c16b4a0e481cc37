package io.github.lightning4j.plot;

import io.github.lightning4j.plot.Pen.Anchor;
import io.github.lightning4j.plot.Pen.Stroke;
import io.github.lightning4j.plot.Pen.Text;
import java.math.BigDecimal;

/** What is around the lines or bars of a plot: title, axes, their names and numbers. */
final class Frame {
    static final int WIDTH = 800;
    static final int HEIGHT = 500;
    static final int TOP = 56;

    static final Text SMALL = Text.of(14, Anchor.START);

    private static final Text TITLE = Text.of(20, Anchor.MIDDLE);
    private static final Text NAME = Text.of(16, Anchor.MIDDLE);
    private static final Text BELOW = Text.of(14, Anchor.MIDDLE);
    private static final Text BESIDE = Text.of(14, Anchor.END);
    private static final Stroke AXIS = new Stroke(0x444444, 1);
    private static final Stroke GRID = new Stroke(0xE6E6E6, 1);
    private static final int RIGHT = WIDTH - 30;
    private static final int BOTTOM = HEIGHT - 70;

    private final String title;
    private final String xName;
    private final String yName;
    private final Axis xAxis;
    private final Axis yAxis;
    private final int top;
    private final double left;

    /** What is drawn begins at the top given, below title and legend. */
    Frame(String title, String xName, String yName, Axis xAxis, Axis yAxis, int top) {
        this.title = title;
        this.xName = xName;
        this.yName = yName;
        this.xAxis = xAxis;
        this.yAxis = yAxis;
        this.top = top;
        double widest = yAxis.ticks().stream()
                .mapToDouble(tick -> BESIDE.width(Axis.label(tick)))
                .max()
                .orElse(0);
        left = Math.rint(Math.max(80, 54 + widest));
    }

    double x(double value) {
        return left + xAxis.share(value) * (RIGHT - left);
    }

    double y(double value) {
        return BOTTOM - yAxis.share(value) * (BOTTOM - top);
    }

    /** Where the lowest line is. */
    double floor() {
        return BOTTOM;
    }

    void draw(Pen pen) {
        for (BigDecimal tick : yAxis.ticks()) {
            double y = y(tick.doubleValue());
            pen.line(left, y, RIGHT, y, GRID);
            pen.text(Axis.label(tick), left - 10, y + 5, BESIDE);
        }
        for (BigDecimal tick : xAxis.ticks()) {
            double x = x(tick.doubleValue());
            pen.line(x, BOTTOM, x, BOTTOM + 5, AXIS);
            pen.text(Axis.label(tick), x, BOTTOM + 22, BELOW);
        }
        pen.path(new double[] {left, left, RIGHT}, new double[] {top, BOTTOM, BOTTOM}, AXIS);
        pen.text(TITLE.fitted(title, WIDTH - 40), WIDTH / 2.0, 34, TITLE);
        pen.text(NAME.fitted(xName, RIGHT - left), (left + RIGHT) / 2, HEIGHT - 20, NAME);
        pen.text(NAME.fitted(yName, BOTTOM - top + 60), 24, (top + BOTTOM) / 2.0, NAME.upwards());
    }
}
