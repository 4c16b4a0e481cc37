package io.github.lightning4j.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A line of a plot, or a band between two. What is not finite is a gap.
 *
 * @param look the number of its look
 * @param x x of each point
 * @param y y of each point, of a band the lower one
 * @param upper of a band the upper y of each point, of a line the same as y
 */
@SuppressWarnings("ArrayRecordComponent") // only handed on
record Line(String name, int look, double[] x, double[] y, double[] upper) {
    private static final int MARKS = 9;
    private static final double OPACITY = 0.25;

    boolean isBand() {
        return upper != y;
    }

    DoubleStream allX() {
        return DoubleStream.of(x);
    }

    DoubleStream allY() {
        return DoubleStream.concat(DoubleStream.of(y), DoubleStream.of(isBand() ? upper : new double[0]));
    }

    void draw(Pen pen, Frame frame) {
        for (int[] part : parts()) {
            if (isBand()) {
                drawBand(pen, frame, part[0], part[1]);
            } else {
                drawLine(pen, frame, part[0], part[1]);
            }
        }
        if (Look.of(look).hasMark()) {
            drawMarks(pen, frame);
        }
    }

    /** From where to where there is no gap. */
    private List<int[]> parts() {
        List<int[]> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= x.length; i++) {
            if (i == x.length || !isPoint(i)) {
                if (i > start) {
                    parts.add(new int[] {start, i});
                }
                start = i + 1;
            }
        }
        return parts;
    }

    private boolean isPoint(int i) {
        return Double.isFinite(x[i]) && Double.isFinite(y[i]) && Double.isFinite(upper[i]);
    }

    private void drawLine(Pen pen, Frame frame, int start, int end) {
        Points points = points(frame, y, start, end).thinned();
        if (end - start == 1) {
            Look.of(look).drawDot(pen, points.x()[0], points.y()[0]);
        } else {
            pen.path(points.x(), points.y(), Look.of(look).stroke());
        }
    }

    private void drawBand(Pen pen, Frame frame, int start, int end) {
        Points low = points(frame, y, start, end).thinned();
        Points all = low.followedBy(points(frame, upper, start, end).thinned().reversed());
        fill(pen, Look.of(look), all.x(), all.y());
    }

    static void fill(Pen pen, Look look, double[] x, double[] y) {
        pen.area(x, y, look.stroke().color(), OPACITY);
    }

    private Points points(Frame frame, double[] values, int start, int end) {
        double[] across = new double[end - start];
        double[] down = new double[end - start];
        for (int i = 0; i < across.length; i++) {
            across[i] = frame.x(x[start + i]);
            down[i] = frame.y(values[start + i]);
        }
        return new Points(across, down);
    }

    private void drawMarks(Pen pen, Frame frame) {
        int apart = Math.max(1, x.length / MARKS);
        for (int i = 0; i < x.length; i += apart) {
            if (isPoint(i)) {
                Look.of(look).drawMark(pen, frame.x(x[i]), frame.y(y[i]));
            }
        }
    }
}
