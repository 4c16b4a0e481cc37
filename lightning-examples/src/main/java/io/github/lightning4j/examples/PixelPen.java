package io.github.lightning4j.examples;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;

/** Draws pixels. */
final class PixelPen implements ChartPen {
    private final BufferedImage image;
    private final Graphics2D graphics;

    PixelPen(int width, int height) {
        image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, height);
    }

    @Override
    public void path(double[] x, double[] y, Color color, double width) {
        Path2D path = new Path2D.Double();
        path.moveTo(x[0], y[0]);
        for (int i = 1; i < x.length; i++) {
            path.lineTo(x[i], y[i]);
        }
        graphics.setColor(color);
        graphics.setStroke(new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(path);
    }

    @Override
    public void text(String text, double x, double y, Anchor anchor, int size, boolean turned) {
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, size));
        graphics.setColor(Color.BLACK);
        double length =
                graphics.getFontMetrics().getStringBounds(text, graphics).getWidth();
        double before = anchor == Anchor.START ? 0 : anchor == Anchor.MIDDLE ? length / 2 : length;
        AffineTransform upright = graphics.getTransform();
        graphics.translate(x, y);
        graphics.rotate(turned ? -Math.PI / 2 : 0);
        graphics.drawString(text, (float) -before, 0f);
        graphics.setTransform(upright);
    }

    BufferedImage image() {
        return image;
    }
}
