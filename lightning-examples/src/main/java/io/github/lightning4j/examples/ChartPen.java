package io.github.lightning4j.examples;

import java.awt.Color;

/** What a chart is drawn with. Places are in pixels from the top left corner. */
interface ChartPen {
    /** Which part of a text is at the place given. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    /** Draws lines from point to point. */
    void path(double[] x, double[] y, Color color, double width);

    /** Writes a text, its base line at y; turned ones read from the bottom to the top. */
    void text(String text, double x, double y, Anchor anchor, int size, boolean turned);
}
