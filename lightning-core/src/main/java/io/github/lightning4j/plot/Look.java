package io.github.lightning4j.plot;

import io.github.lightning4j.plot.Pen.Stroke;

/**
 * How the lines of a plot differ: by colour, and, for those who do not see colours, by dashes and marks.
 *
 * @param mark the corners of the mark, x and y in turn around its middle; none without one
 */
record Look(Stroke stroke, double... mark) {
    private static final int[] COLORS = {0x1F77B4, 0xFF7F0E, 0x009E73, 0xCC3377, 0x555555, 0x56B4E9, 0x8C564B, 0xB8A000
    };
    private static final double[][] DASHES = {{}, {9, 5}, {2.5, 3.5}, {12, 4, 2.5, 4}};
    private static final double[][] MARKS = {
        {},
        {-4, -4, 4, -4, 4, 4, -4, 4},
        {0, -5, 5, 4, -5, 4},
        {0, -5.5, 5.5, 0, 0, 5.5, -5.5, 0},
        {0, 5, 5, -4, -5, -4}
    };

    /** That of one of several lines. */
    static Look of(int line) {
        double[] mark = MARKS[line / DASHES.length % MARKS.length];
        return new Look(new Stroke(COLORS[line % COLORS.length], 2, DASHES[line % DASHES.length]), mark);
    }

    boolean hasMark() {
        return mark.length > 0;
    }

    void drawMark(Pen pen, double x, double y) {
        polygon(pen, x, y, mark);
    }

    /** A point that no line reaches. */
    void drawDot(Pen pen, double x, double y) {
        if (hasMark()) {
            drawMark(pen, x, y);
        } else {
            polygon(pen, x, y, -3.5, -1.5, -1.5, -3.5, 1.5, -3.5, 3.5, -1.5, 3.5, 1.5, 1.5, 3.5, -1.5, 3.5, -3.5, 1.5);
        }
    }

    private void polygon(Pen pen, double x, double y, double... corners) {
        double[] xs = new double[corners.length / 2];
        double[] ys = new double[corners.length / 2];
        for (int i = 0; i < xs.length; i++) {
            xs[i] = x + corners[2 * i];
            ys[i] = y + corners[2 * i + 1];
        }
        pen.area(xs, ys, stroke.color(), 1);
    }
}
