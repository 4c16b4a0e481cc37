package io.github.lightning4j.plot;

import io.github.lightning4j.LogItem;
import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Draws pixels. */
final class PixelPen implements Pen, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PixelPen.class);

    /** A bare Java may come without fonts, or without the library that draws them. */
    private static final boolean FONTS = hasFonts();

    private final BufferedImage image;
    private final Graphics2D graphics;

    PixelPen(int width, int height) {
        image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, height);
    }

    private static boolean hasFonts() {
        BufferedImage dot = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = dot.createGraphics();
        try {
            pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10));
            pen.drawString("a", 0, 0);
            return true;
        } catch (LinkageError | InternalError | RuntimeException e) {
            LOG.warn(
                    "Pictures are drawn without texts, for Java finds no fonts here: {}. Install fontconfig and a font.",
                    e);
            return false;
        } finally {
            pen.dispose();
        }
    }

    private static Path2D through(double[] x, double[] y) {
        Path2D path = new Path2D.Double();
        path.moveTo(x[0], y[0]);
        for (int i = 1; i < x.length; i++) {
            path.lineTo(x[i], y[i]);
        }
        return path;
    }

    @Override
    public void path(double[] x, double[] y, Stroke stroke) {
        graphics.setColor(new Color(stroke.color()));
        graphics.setStroke(basic(stroke));
        graphics.draw(through(x, y));
    }

    private static BasicStroke basic(Stroke stroke) {
        if (stroke.dashes().length == 0) {
            return new BasicStroke((float) stroke.width(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);
        }
        float[] dashes = new float[stroke.dashes().length];
        for (int i = 0; i < dashes.length; i++) {
            dashes[i] = (float) stroke.dashes()[i];
        }
        return new BasicStroke((float) stroke.width(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dashes, 0);
    }

    @Override
    public void area(double[] x, double[] y, int color, double opacity) {
        graphics.setColor(new Color(color));
        graphics.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, (float) opacity));
        graphics.fill(through(x, y));
        graphics.setComposite(AlphaComposite.SrcOver);
    }

    @Override
    public void text(String text, double x, double y, Text style) {
        if (!FONTS) {
            return;
        }
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, style.size()));
        graphics.setColor(new Color(style.color()));
        double length =
                graphics.getFontMetrics().getStringBounds(text, graphics).getWidth();
        double before = switch (style.anchor()) {
            case START -> 0;
            case MIDDLE -> length / 2;
            case END -> length;
        };
        AffineTransform upright = graphics.getTransform();
        graphics.translate(x, y);
        graphics.rotate(style.turned() ? -Math.PI / 2 : 0);
        graphics.drawString(text, (float) -before, 0f);
        graphics.setTransform(upright);
    }

    @Override
    public void picture(LogItem.Image picture, double x, double y, double width, double height) {
        BufferedImage pixels = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
        pixels.setRGB(0, 0, picture.width(), picture.height(), picture.rgb(), 0, picture.width());
        graphics.drawImage(
                pixels,
                (int) Math.round(x),
                (int) Math.round(y),
                (int) Math.round(width),
                (int) Math.round(height),
                null);
    }

    LogItem.Image image() {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] rgb = image.getRGB(0, 0, width, height, null, 0, width);
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] &= WHITE;
        }
        return new LogItem.Image(width, height, rgb);
    }

    @Override
    public void close() {
        graphics.dispose();
    }
}
