package io.github.lightning4j.examples;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** A picture of rows of digits, one below the other to be compared, each row with its name. */
final class ImageGrid {
    private static final int SIDE = 56;
    private static final int GAP = 8;
    private static final int NAMES = 110;
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 15);

    private ImageGrid() {}

    static void draw(Map<String, List<Digit>> rows, Path png) throws IOException {
        int columns = rows.values().stream().mapToInt(List::size).max().orElse(0);
        int width = NAMES + columns * (SIDE + GAP) + GAP;
        int height = rows.size() * (SIDE + GAP) + GAP;
        BufferedImage grid = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = grid.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        pen.setFont(TEXT);
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, width, height);
        pen.setColor(Color.BLACK);
        int y = GAP;
        for (Map.Entry<String, List<Digit>> row : rows.entrySet()) {
            pen.drawString(row.getKey(), GAP, y + SIDE / 2 + 5);
            int x = NAMES + GAP;
            for (Digit digit : row.getValue()) {
                pen.drawImage(digit.image(), x, y, SIDE, SIDE, null);
                x += SIDE + GAP;
            }
            y += SIDE + GAP;
        }
        pen.dispose();
        Files.createDirectories(png.toAbsolutePath().getParent());
        ImageIO.write(grid, "png", png.toFile());
    }
}
