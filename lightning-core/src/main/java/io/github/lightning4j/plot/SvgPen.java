package io.github.lightning4j.plot;

import io.github.lightning4j.LogItem;
import java.util.Base64;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** Draws SVG. */
final class SvgPen implements Pen {
    private static final int REPLACEMENT = 0xFFFD;

    private final StringBuilder svg = new StringBuilder();

    SvgPen(int width, int height) {
        add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ").add(width + " " + height);
        add("\" width=\"").add(width + "\" height=\"" + height).add("\" font-family=\"sans-serif\">\n");
        add("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    }

    @Override
    public void path(double[] x, double[] y, Stroke stroke) {
        add("<polyline fill=\"none\" stroke=\"").add(color(stroke.color()));
        add("\" stroke-width=\"").add(number(stroke.width()));
        if (stroke.dashes().length > 0) {
            add("\" stroke-dasharray=\"")
                    .add(DoubleStream.of(stroke.dashes())
                            .mapToObj(SvgPen::number)
                            .collect(Collectors.joining(" ")));
        }
        add("\" stroke-linejoin=\"round\" stroke-linecap=\"butt\" points=\"")
                .points(x, y)
                .add("\"/>\n");
    }

    @Override
    public void area(double[] x, double[] y, int color, double opacity) {
        add("<polygon fill=\"").add(color(color));
        if (opacity < 1) {
            add("\" fill-opacity=\"").add(Double.toString(opacity));
        }
        add("\" points=\"").points(x, y).add("\"/>\n");
    }

    @Override
    public void text(String text, double x, double y, Text style) {
        add("<text x=\"").add(number(x)).add("\" y=\"").add(number(y));
        add("\" font-size=\"").add(Integer.toString(style.size()));
        add("\" text-anchor=\"").add(style.anchor().name().toLowerCase(Locale.ROOT));
        if (style.color() != BLACK) {
            add("\" fill=\"").add(color(style.color()));
        }
        if (style.turned()) {
            add("\" transform=\"rotate(-90 " + number(x) + " " + number(y) + ")");
        }
        add("\">").add(escaped(text)).add("</text>\n");
    }

    @Override
    public void picture(LogItem.Image picture, double x, double y, double width, double height) {
        add("<image x=\"").add(number(x)).add("\" y=\"").add(number(y));
        add("\" width=\"").add(number(width)).add("\" height=\"").add(number(height));
        add("\" preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64,");
        add(Base64.getEncoder().encodeToString(picture.png())).add("\"/>\n");
    }

    /** The document. */
    @Override
    public String toString() {
        return svg + "</svg>\n";
    }

    private SvgPen add(String text) {
        svg.append(text);
        return this;
    }

    private SvgPen points(double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            add(i == 0 ? "" : " ").add(number(x[i])).add(",").add(number(y[i]));
        }
        return this;
    }

    private static String color(int color) {
        return String.format(Locale.ROOT, "#%06x", color);
    }

    /** A hundredth of a pixel is enough. */
    private static String number(double value) {
        double rounded = Math.round(100 * value) / 100.0;
        return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
    }

    /** As text of XML, which has no word for most control characters. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                default -> escaped.appendCodePoint(isXml(point) ? point : REPLACEMENT);
            }
        });
        return escaped.toString();
    }

    private static boolean isXml(int point) {
        return point == '\t'
                || point == '\n'
                || point >= ' ' && point < Character.MIN_SURROGATE
                || point > Character.MAX_SURROGATE && point < 0xFFFE
                || point >= Character.MIN_SUPPLEMENTARY_CODE_POINT;
    }
}
