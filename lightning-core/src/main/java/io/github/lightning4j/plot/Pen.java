package io.github.lightning4j.plot;

import io.github.lightning4j.LogItem;

/** What a plot is drawn with. Places and lengths are in pixels, from the top left corner; colours are 0xRRGGBB. */
interface Pen {
    int BLACK = 0x000000;
    int WHITE = 0xFFFFFF;

    /** Which part of a text is at the place given. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    /** How a text looks; turned ones read from the bottom to the top. */
    record Text(int size, Anchor anchor, int color, boolean turned) {
        static Text of(int size, Anchor anchor) {
            return new Text(size, anchor, BLACK, false);
        }

        Text in(int other) {
            return new Text(size, anchor, other, turned);
        }

        Text upwards() {
            return new Text(size, anchor, color, true);
        }

        /** About how wide a text is, the same for every pen. */
        double width(String text) {
            return 0.56 * size * text.codePointCount(0, text.length());
        }

        /** The text, or its beginning if it is wider than that. */
        String fitted(String text, double width) {
            int most = (int) Math.max(1, width / (0.56 * size));
            if (text.codePointCount(0, text.length()) <= most) {
                return text;
            }
            return text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
        }
    }

    /** How a line looks: its dashes are lengths of line and gap in turn, none for a whole line. */
    record Stroke(int color, double width, double... dashes) {}

    /** Draws lines from point to point, of which there is one at least. */
    void path(double[] x, double[] y, Stroke stroke);

    /** Fills what lies between the points; its opacity is from 0 to 1. */
    void area(double[] x, double[] y, int color, double opacity);

    /** Writes a text, its base line at y. */
    void text(String text, double x, double y, Text style);

    /** Shows a picture at another size, each of its pixels a rectangle. */
    void picture(LogItem.Image picture, double x, double y, double width, double height);

    /** Fills a rectangle. */
    default void box(double x, double y, double width, double height, int color) {
        area(new double[] {x, x + width, x + width, x}, new double[] {y, y, y + height, y + height}, color, 1);
    }

    /** Draws one straight line. */
    default void line(double x1, double y1, double x2, double y2, Stroke stroke) {
        path(new double[] {x1, x2}, new double[] {y1, y2}, stroke);
    }
}
