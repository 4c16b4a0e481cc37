package io.github.lightning4j.examples;

import java.awt.Color;
import java.util.Locale;

/** Draws SVG. */
final class SvgPen implements ChartPen {
    private final StringBuilder svg = new StringBuilder();

    SvgPen(int width, int height) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %1$d %2$d\" width=\"%1$d\" height=\"%2$d\""
                        + " font-family=\"sans-serif\">%n",
                width, height);
        add("<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n");
    }

    @Override
    public void path(double[] x, double[] y, Color color, double width) {
        add(
                "<polyline fill=\"none\" stroke=\"#%06x\" stroke-width=\"%.1f\" stroke-linejoin=\"round\""
                        + " stroke-linecap=\"round\" points=\"",
                color.getRGB() & 0xFFFFFF, width);
        for (int i = 0; i < x.length; i++) {
            add(i == 0 ? "%.1f,%.1f" : " %.1f,%.1f", x[i], y[i]);
        }
        add("\"/>%n");
    }

    @Override
    public void text(String text, double x, double y, Anchor anchor, int size, boolean turned) {
        String turn = turned ? String.format(Locale.ROOT, " transform=\"rotate(-90 %.1f %.1f)\"", x, y) : "";
        add(
                "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" text-anchor=\"%s\"%s>%s</text>%n",
                x, y, size, anchor.name().toLowerCase(Locale.ROOT), turn, escape(text));
    }

    /** The document. */
    @Override
    public String toString() {
        return svg + "</svg>" + System.lineSeparator();
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
