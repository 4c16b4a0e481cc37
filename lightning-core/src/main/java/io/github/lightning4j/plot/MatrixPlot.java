package io.github.lightning4j.plot;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.MetricValue;
import io.github.lightning4j.Require;
import io.github.lightning4j.plot.Pen.Anchor;
import io.github.lightning4j.plot.Pen.Stroke;
import io.github.lightning4j.plot.Pen.Text;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of numbers as a heat map, such as a confusion matrix: the farther from 0 the darker, positive ones blue, negative ones
 * orange, NaN crossed out. Each number is written where it finds room. Of more than {@value #MOST} rows or columns several
 * share a cell, which shows the one farthest from 0.
 */
public final class MatrixPlot extends Plot {
    /** How many rows and columns are drawn at most. */
    static final int MOST = 200;

    private static final int TOP = 60;
    private static final int SIDE = 560;
    private static final int LARGEST_CELL = 56;
    private static final int WIDEST_NAME = 180;
    private static final int KEY = 90;
    private static final Text TITLE = Text.of(20, Anchor.MIDDLE);
    private static final Text AXIS = Text.of(16, Anchor.MIDDLE);
    private static final Text NAME = Text.of(14, Anchor.END);
    private static final Text BELOW = Text.of(14, Anchor.MIDDLE);
    private static final Text NUMBER = Text.of(14, Anchor.MIDDLE);
    private static final Text SMALL_NUMBER = Text.of(10, Anchor.MIDDLE);
    private static final Stroke BORDER = new Stroke(0x444444, 1);

    private final String title;
    private final Cells cells;
    private final boolean confusion;
    private final double cell;
    private final int left;
    private final int below;

    private MatrixPlot(String title, MetricValue.Matrix matrix) {
        this.title = title;
        cells = Cells.of(matrix, MOST);
        confusion = matrix.rows().equals(matrix.columns()) && !matrix.rows().isEmpty();
        int longest = Math.max(1, Math.max(cells.rows().size(), cells.columns().size()));
        cell = Math.min(LARGEST_CELL, Math.floor((double) SIDE / longest));
        left = 54 + (int) Math.ceil(widest(cells.rows()));
        below = areColumnsTurned() ? 14 + (int) Math.ceil(widest(cells.columns())) : 24;
    }

    private static double widest(List<String> names) {
        return Math.min(
                WIDEST_NAME, names.stream().mapToDouble(NAME::width).max().orElse(0));
    }

    private boolean areColumnsTurned() {
        return widest(cells.columns()) > cell - 4;
    }

    /**
     * Draws a matrix. If its rows are called as its columns are, it is taken for labels (rows) by predictions (columns).
     *
     * @param title what stands above it
     * @param matrix such as the value of a {@code ConfusionMatrix}
     * @return the plot
     */
    public static MatrixPlot of(String title, MetricValue.Matrix matrix) {
        return new MatrixPlot(title, matrix);
    }

    /**
     * Draws a confusion matrix.
     *
     * @param title what stands above it
     * @param classes the names of the classes
     * @param counts a row for each label, in it how often it was taken for each class
     * @return the plot
     * @throws ConfigurationException if there is not one row and one column for each class
     */
    public static MatrixPlot of(String title, List<String> classes, long[][] counts) {
        boolean fits =
                counts.length == classes.size() && Arrays.stream(counts).allMatch(row -> row.length == classes.size());
        Require.that(fits, "counts", Arrays.deepToString(counts), "a row and a column for each of " + classes, "");
        return of(
                title,
                new MetricValue.Matrix(
                        classes,
                        classes,
                        Arrays.stream(counts)
                                .map(row -> Arrays.stream(row)
                                        .asDoubleStream()
                                        .boxed()
                                        .toList())
                                .toList()));
    }

    @Override
    int width() {
        return Math.max(360, left + (int) across() + KEY);
    }

    @Override
    int height() {
        return TOP + (int) Math.max(down(), 80) + below + 36;
    }

    private double across() {
        return cell * cells.columns().size();
    }

    private double down() {
        return cell * cells.rows().size();
    }

    @Override
    void draw(Pen pen) {
        pen.text(TITLE.fitted(title, width() - 20), width() / 2.0, 32, TITLE);
        for (int row = 0; row < cells.rows().size(); row++) {
            for (int column = 0; column < cells.columns().size(); column++) {
                drawCell(pen, left + column * cell, TOP + row * cell, cells.value(row, column));
            }
        }
        double right = left + across();
        double bottom = TOP + down();
        pen.path(new double[] {left, right, right, left, left}, new double[] {TOP, TOP, bottom, bottom, TOP}, BORDER);
        drawNames(pen, bottom);
        if (confusion) {
            pen.text("label", 22, TOP + down() / 2, AXIS.upwards());
            pen.text("predicted", left + across() / 2, bottom + below + 20, AXIS);
        }
        drawKey(pen, right + 22);
    }

    private void drawCell(Pen pen, double x, double y, double value) {
        if (Double.isNaN(value)) {
            pen.line(x, y, x + cell, y + cell, new Stroke(0x999999, 1));
            return;
        }
        double share = cells.share(value);
        if (share != 0) {
            pen.box(x, y, cell, cell, Shade.of(share));
        }
        Text style = cell > 30 ? NUMBER : SMALL_NUMBER;
        String number = ShortNumber.of(value);
        if (cell >= 16 && style.width(number) <= cell - 2) {
            pen.text(number, x + cell / 2, y + cell / 2 + 0.36 * style.size(), style.in(Shade.ofText(share)));
        }
    }

    /** As many names as find room. */
    private void drawNames(Pen pen, double bottom) {
        int every = (int) Math.ceil(16 / cell);
        for (int row = 0; row < cells.rows().size(); row += every) {
            String name = NAME.fitted(cells.rows().get(row), WIDEST_NAME);
            pen.text(name, left - 8, TOP + (row + 0.5) * cell + 5, NAME);
        }
        for (int column = 0; column < cells.columns().size(); column += every) {
            double x = left + (column + 0.5) * cell;
            String name = NAME.fitted(cells.columns().get(column), WIDEST_NAME);
            if (areColumnsTurned()) {
                pen.text(name, x + 5, bottom + 8, NAME.upwards());
            } else {
                pen.text(name, x, bottom + 20, BELOW);
            }
        }
    }

    /** What the shades mean. */
    private void drawKey(Pen pen, double x) {
        double height = Math.max(80, Math.min(160, down()));
        double least = cells.hasNegative() ? -1 : 0;
        for (int i = 0; i < height; i++) {
            pen.box(x, TOP + i, 14, 1.2, Shade.of(1 - (1 - least) * i / height));
        }
        Text text = Text.of(12, Anchor.START);
        pen.text(ShortNumber.of(cells.farthest()), x + 20, TOP + 10, text);
        pen.text(ShortNumber.of(least * cells.farthest()), x + 20, TOP + height, text);
    }
}
