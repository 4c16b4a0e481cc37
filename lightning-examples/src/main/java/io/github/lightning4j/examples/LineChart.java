package io.github.lightning4j.examples;

import io.github.lightning4j.examples.ChartPen.Anchor;
import java.awt.Color;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * A chart of values at even steps, as SVG and PNG. Its y axis begins at 0, unless more than half of it would be empty then.
 *
 * @param firstX where the x axis begins
 * @param stepX how far apart values are on it
 */
record LineChart(String title, String xAxis, String yAxis, List<Series> series, double firstX, double stepX) {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 500;
    private static final int LEFT = 80;
    private static final int RIGHT = WIDTH - 30;
    private static final int TOP = 70;
    private static final int BOTTOM = HEIGHT - 70;
    private static final int LEGEND = 120;
    private static final int MARKS = 8;
    private static final Color AXIS = new Color(0x444444);
    private static final Color GRID = new Color(0xE6E6E6);

    /** A chart of values that are 0 or more, epoch by epoch. */
    LineChart(String title, String xAxis, String yAxis, List<Series> series) {
        this(title, xAxis, yAxis, series, 0, 1);
    }

    /** A line: what it is called, its colour, its values. Without a name it is not in the legend. */
    record Series(String name, Color color, double[] values) {}

    /** Writes NAME.svg and NAME.png. */
    void write(Path folder, String name) throws IOException {
        SvgPen svg = new SvgPen(WIDTH, HEIGHT);
        draw(svg);
        Files.writeString(folder.resolve(name + ".svg"), svg.toString());
        PixelPen pixels = new PixelPen(WIDTH, HEIGHT);
        draw(pixels);
        ImageIO.write(pixels.image(), "png", folder.resolve(name + ".png").toFile());
    }

    private void draw(ChartPen pen) {
        int last = series.stream().mapToInt(line -> line.values().length).max().orElse(0) - 1;
        double[] values = series.stream()
                .flatMapToDouble(line -> Arrays.stream(line.values()))
                .sorted()
                .toArray();
        double highest = values.length == 0 ? 0 : values[values.length - 1];
        double lowest = values.length == 0 || values[0] < highest / 2 ? 0 : Math.floor(values[0]);
        double toX = (RIGHT - LEFT) / (double) Math.max(last, 1);
        double toY = (BOTTOM - TOP) / (highest > lowest ? highest - lowest : 1);

        for (BigDecimal mark : marks(lowest, highest, 1e-9)) {
            double y = BOTTOM - (mark.doubleValue() - lowest) * toY;
            pen.path(new double[] {LEFT, RIGHT}, new double[] {y, y}, GRID, 1);
            pen.text(mark.stripTrailingZeros().toPlainString(), LEFT - 10, y + 5, Anchor.END, 14, false);
        }
        for (BigDecimal mark : marks(firstX, firstX + last * stepX, 1)) {
            double x = LEFT + (mark.doubleValue() - firstX) / stepX * toX;
            pen.path(new double[] {x, x}, new double[] {BOTTOM, BOTTOM + 5}, AXIS, 1);
            pen.text(mark.stripTrailingZeros().toPlainString(), x, BOTTOM + 22, Anchor.MIDDLE, 14, false);
        }
        pen.path(new double[] {LEFT, LEFT, RIGHT}, new double[] {TOP, BOTTOM, BOTTOM}, AXIS, 1);
        pen.text(title, WIDTH / 2.0, 34, Anchor.MIDDLE, 20, false);
        pen.text(xAxis, (LEFT + RIGHT) / 2.0, HEIGHT - 20, Anchor.MIDDLE, 16, false);
        pen.text(yAxis, 24, (TOP + BOTTOM) / 2.0, Anchor.MIDDLE, 16, true);
        double legendX = RIGHT;
        for (Series line : series) {
            drawLine(pen, line, lowest, toX, toY);
            legendX -= line.name().isEmpty() ? 0 : LEGEND;
        }
        for (Series line : series) {
            if (!line.name().isEmpty()) {
                pen.path(new double[] {legendX, legendX + 30}, new double[] {TOP - 12, TOP - 12}, line.color(), 2);
                pen.text(line.name(), legendX + 40, TOP - 7, Anchor.START, 14, false);
                legendX += LEGEND;
            }
        }
    }

    private static void drawLine(ChartPen pen, Series line, double lowest, double toX, double toY) {
        double[] values = line.values();
        double[] x = IntStream.range(0, values.length)
                .mapToDouble(i -> LEFT + i * toX)
                .toArray();
        double[] y = Arrays.stream(values)
                .map(value -> BOTTOM - (value - lowest) * toY)
                .toArray();
        pen.path(x, y, line.color(), 2);
    }

    /** Numbers from the start to the end at steps of 1, 2 or 5 times a power of ten, at most {@code MARKS} steps. */
    private static List<BigDecimal> marks(double start, double end, double smallestStep) {
        double atLeast = Math.max((end - start) / MARKS, smallestStep);
        int power = (int) Math.floor(Math.log10(atLeast));
        BigDecimal step = Stream.of(1, 2, 5, 10)
                .map(factor -> new BigDecimal(factor).scaleByPowerOfTen(power))
                .filter(candidate -> candidate.doubleValue() >= atLeast)
                .findFirst()
                .orElseThrow();
        BigDecimal first = step.multiply(new BigDecimal((long) Math.ceil(start / step.doubleValue())));
        return Stream.iterate(first, mark -> mark.doubleValue() <= end, step::add)
                .toList();
    }
}
