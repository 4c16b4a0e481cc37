package io.github.lightning4j.examples;

import ai.djl.modality.Classifications;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/** A picture of digits, each with what it was taken for: green where that is right, red where it is not. */
final class DigitSheet {
    private static final int COLUMNS = 5;
    private static final int SIDE = 112;
    private static final int GAP = 20;
    private static final int CAPTION = 28;
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 15);
    private static final Color RIGHT = new Color(0x1B7F3B);
    private static final Color WRONG = new Color(0xC62828);

    private DigitSheet() {}

    static void draw(List<Digit> digits, List<Classifications> answers, Path png) throws IOException {
        int rows = (digits.size() + COLUMNS - 1) / COLUMNS;
        int width = COLUMNS * (SIDE + GAP) + GAP;
        int height = rows * (SIDE + CAPTION + GAP) + GAP;
        BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = sheet.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        pen.setFont(TEXT);
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, width, height);
        for (int i = 0; i < digits.size(); i++) {
            int x = GAP + i % COLUMNS * (SIDE + GAP);
            int y = GAP + i / COLUMNS * (SIDE + CAPTION + GAP);
            pen.drawImage(digits.get(i).image(), x, y, SIDE, SIDE, null);
            caption(pen, digits.get(i), answers.get(i).best(), x, y + SIDE + CAPTION - 8);
        }
        pen.dispose();
        ImageIO.write(sheet, "png", png.toFile());
    }

    private static void caption(Graphics2D pen, Digit digit, Classifications.Classification answer, int x, int y) {
        boolean right = answer.getClassName().equals(Integer.toString(digit.label()));
        String text = String.format(Locale.ROOT, "%s  %.1f %%", answer.getClassName(), 100 * answer.getProbability());
        pen.setColor(right ? RIGHT : WRONG);
        pen.drawString(right ? text : text + ", is " + digit.label(), x, y);
    }
}
