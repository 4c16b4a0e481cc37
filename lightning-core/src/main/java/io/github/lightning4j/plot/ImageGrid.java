package io.github.lightning4j.plot;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LogItem;
import io.github.lightning4j.Require;
import io.github.lightning4j.plot.Pen.Anchor;
import io.github.lightning4j.plot.Pen.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * Pictures in rows. Plain ones stand pixel for pixel with a line between them; with captions or names of rows there is white
 * space for these. What is marked has a red frame and a red caption.
 *
 * <pre>{@code
 * logItem("digits", () -> ImageGrid.of(images, 8).toImage());
 * }</pre>
 */
public final class ImageGrid extends Plot {
    /** 64 million pixels: more than anybody looks at, less than would not fit into memory. */
    private static final long MOST_PIXELS = 1L << 26;

    private static final int LINE = 0x808080;
    private static final int RED = 0xC62828;
    private static final Text TEXT = Text.of(15, Anchor.START);
    private static final int CAPTION = 24;
    private static final int SPACE = 10;

    private final List<Cell> cells;
    private final List<String> rowNames;
    private final int columns;
    private final boolean plain;
    private final int cellWidth;
    private final int cellHeight;
    private final int gap;
    private final int captions;
    private final int names;

    private record Cell(LogItem.Image picture, String caption, boolean marked) {}

    private ImageGrid(Builder builder) {
        cells = List.copyOf(builder.cells);
        rowNames = List.copyOf(builder.rowNames);
        columns = Math.max(1, Math.min(builder.columns, cells.size()));
        boolean captioned = cells.stream().anyMatch(cell -> !cell.caption.isEmpty() || cell.marked);
        plain = !captioned && rowNames.isEmpty();
        int widest = cells.stream().mapToInt(cell -> cell.picture.width()).max().orElse(1);
        int tallest =
                cells.stream().mapToInt(cell -> cell.picture.height()).max().orElse(1);
        double scale = builder.side == 0 ? 1 : (double) builder.side / Math.max(widest, tallest);
        cellWidth = (int) Math.max(1, Math.round(scale * widest));
        cellHeight = (int) Math.max(1, Math.round(scale * tallest));
        gap = plain ? 1 : captioned ? 2 * SPACE : SPACE;
        captions = captioned ? CAPTION : 0;
        names = rowNames.isEmpty()
                ? 0
                : SPACE
                        + (int) Math.ceil(
                                rowNames.stream().mapToDouble(TEXT::width).max().orElse(0));
        long pixels = (long) width() * height();
        Require.that(
                pixels <= MOST_PIXELS && pixels > 0,
                "the pixels of an image grid",
                pixels,
                "from 1 to " + MOST_PIXELS,
                "Show fewer pictures, or smaller ones.");
    }

    /**
     * Pictures in an array, side by side, pixel for pixel.
     *
     * @param images of shape (N, C, H, W) or (N, H, W), with C 1 or 3; values as in {@link LogItem.Image#of}
     * @param columns how many in a row, from 1
     * @return the grid
     * @throws ConfigurationException if the shape is another one
     */
    public static ImageGrid of(NDArray images, int columns) {
        Builder builder = builder(columns);
        LogItem.Image.each(images).forEach(builder::add);
        return builder.build();
    }

    /**
     * Starts a grid.
     *
     * @param columns how many in a row, from 1
     * @return the builder
     * @throws ConfigurationException if there are fewer
     */
    public static Builder builder(int columns) {
        return new Builder(Require.atLeast(1, columns, "an image grid's columns"));
    }

    private int rows() {
        return Math.max(1, (cells.size() + columns - 1) / columns);
    }

    private int margin() {
        return plain ? 0 : gap;
    }

    @Override
    int width() {
        return Math.toIntExact(2L * margin() + names + (long) columns * (cellWidth + gap) - gap);
    }

    @Override
    int height() {
        return Math.toIntExact(2L * margin() + (long) rows() * (cellHeight + captions + gap) - gap);
    }

    @Override
    void draw(Pen pen) {
        if (plain) {
            pen.box(0, 0, width(), height(), LINE);
        }
        for (int row = 0; row < Math.min(rows(), rowNames.size()); row++) {
            pen.text(rowNames.get(row), margin(), top(row) + cellHeight / 2.0 + 5, TEXT);
        }
        for (int i = 0; i < cells.size(); i++) {
            draw(pen, cells.get(i), margin() + names + i % columns * (cellWidth + gap), top(i / columns));
        }
    }

    private int top(int row) {
        return margin() + row * (cellHeight + captions + gap);
    }

    private void draw(Pen pen, Cell cell, int x, int y) {
        if (cell.marked) {
            pen.box(x - 3, y - 3, cellWidth + 6, cellHeight + 6, RED);
        }
        pen.picture(cell.picture, x, y, cellWidth, cellHeight);
        String caption = TEXT.fitted(cell.caption, cellWidth + gap - 2);
        if (!caption.isEmpty()) {
            pen.text(caption, x, y + cellHeight + CAPTION - 6, TEXT.in(cell.marked ? RED : Pen.BLACK));
        }
    }

    /** Builds an {@link ImageGrid}. */
    public static final class Builder {
        private final int columns;
        private final List<Cell> cells = new ArrayList<>();
        private final List<String> rowNames = new ArrayList<>();
        private int side;

        private Builder(int columns) {
            this.columns = columns;
        }

        /**
         * Adds a picture.
         *
         * @param picture the picture
         * @return this
         */
        public Builder add(LogItem.Image picture) {
            return add(picture, "");
        }

        /**
         * Adds a picture with a caption, which is cut off where it is wider than the picture.
         *
         * @param picture the picture
         * @param caption what stands below it
         * @return this
         */
        public Builder add(LogItem.Image picture, String caption) {
            cells.add(new Cell(picture, caption, false));
            return this;
        }

        /**
         * Adds a picture that stands out, such as one that was not recognised.
         *
         * @param picture the picture
         * @param caption what stands below it
         * @return this
         */
        public Builder addMarked(LogItem.Image picture, String caption) {
            cells.add(new Cell(picture, caption, true));
            return this;
        }

        /**
         * Names the next row.
         *
         * @param name what stands left of it
         * @return this
         */
        public Builder rowName(String name) {
            rowNames.add(name);
            return this;
        }

        /**
         * Sets how large pictures are drawn; by default as they are.
         *
         * @param pixels the longer side of the largest picture, from 1
         * @return this
         * @throws ConfigurationException if it is less
         */
        public Builder side(int pixels) {
            side = Require.atLeast(1, pixels, "an image grid's side");
            return this;
        }

        /**
         * Builds the grid.
         *
         * @return the grid of all pictures so far
         * @throws ConfigurationException if it would have more than 64 million pixels
         */
        public ImageGrid build() {
            return new ImageGrid(this);
        }
    }
}
