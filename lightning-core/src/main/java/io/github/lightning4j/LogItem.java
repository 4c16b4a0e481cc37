package io.github.lightning4j;

import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Something of a run that is not a number: logged by {@link LightningModule#logItem} and {@link Run#logItem}, shown by
 * loggers that can. It holds Java's own memory only, so that a logger may write it later, on another thread.
 */
public sealed interface LogItem {
    /**
     * A picture.
     *
     * @param width pixels in a row, from 1
     * @param height rows, from 1
     * @param rgb the pixels row by row, 0xRRGGBB each; taken over
     */
    @SuppressWarnings("ArrayRecordComponent") // a picture is equal to none but itself
    record Image(int width, int height, int[] rgb) implements LogItem {
        /**
         * Creates a picture.
         *
         * @param width pixels in a row, from 1
         * @param height rows, from 1
         * @param rgb the pixels row by row, 0xRRGGBB each; taken over
         * @throws ConfigurationException if width times height is not the number of pixels
         */
        public Image {
            Require.atLeast(1, width, "an image's width");
            Require.atLeast(1, height, "an image's height");
            Require.that(
                    (long) width * height == rgb.length,
                    "an image's pixels",
                    rgb.length,
                    "width times height, " + (long) width * height,
                    "Give one number for each pixel.");
        }

        /**
         * The picture in an array.
         *
         * @param array of shape (H, W), (1, H, W) or (3, H, W); whole numbers from 0 to 255, others from 0 to 1. What is
         *     outside is cut off; NaN is black
         * @return the picture
         * @throws ConfigurationException if the shape is another one
         */
        public static Image of(NDArray array) {
            ImagePixels pixels = ImagePixels.of(array);
            Require.that(
                    pixels.count() == 1, "the images in an array", pixels.count(), "one", "Use LogItem.Image.each.");
            return one(pixels, 0);
        }

        /**
         * The pictures in an array, such as those of a batch. {@code ImageGrid} makes one of them.
         *
         * @param images of shape (N, C, H, W) or (N, H, W), with C 1 or 3; values as in {@link #of}
         * @return the pictures in their order
         * @throws ConfigurationException if the shape is another one
         */
        public static List<Image> each(NDArray images) {
            ImagePixels pixels = ImagePixels.of(images);
            return IntStream.range(0, pixels.count())
                    .mapToObj(i -> one(pixels, i))
                    .toList();
        }

        private static Image one(ImagePixels pixels, int index) {
            return new Image(pixels.width(), pixels.height(), pixels.rgb(index));
        }

        /**
         * The picture as a file.
         *
         * @return the bytes of a PNG
         */
        public byte[] png() {
            return PngBytes.of(width, height, rgb);
        }
    }

    /**
     * A text.
     *
     * @param markdown the text; loggers may show it as Markdown
     */
    record Text(String markdown) implements LogItem {}

    /**
     * Rows of cells under headings.
     *
     * @param columns the headings
     * @param rows rows of as many cells each
     */
    record Table(List<String> columns, List<List<String>> rows) implements LogItem {
        /**
         * Creates a table.
         *
         * @param columns the headings
         * @param rows rows of as many cells each
         * @throws ConfigurationException if a row has another number of cells
         */
        public Table {
            columns = List.copyOf(columns);
            rows = rows.stream().map(List::copyOf).toList();
            for (List<String> row : rows) {
                Require.that(
                        row.size() == columns.size(),
                        "a table's row",
                        row,
                        columns.size() + " cells",
                        "Give one cell for each of the columns " + columns + ".");
            }
        }
    }

    /**
     * How numbers are distributed.
     *
     * @param limits the upper limits of the buckets, growing; the lower limit of the first is {@code min}
     * @param counts how many numbers lie in each bucket
     * @param min the least number
     * @param max the greatest number
     * @param sum the sum of the numbers
     * @param sumOfSquares the sum of their squares
     * @param nonFinite how many numbers were NaN or infinite; they are in nothing of the above
     */
    @SuppressWarnings("ArrayRecordComponent") // two histograms are not compared
    record Histogram(
            double[] limits, long[] counts, double min, double max, double sum, double sumOfSquares, long nonFinite)
            implements LogItem {
        /** The buckets of {@link #of(NDArray)}. */
        public static final int BUCKETS = 30;

        /**
         * The distribution of an array's elements, in {@value #BUCKETS} buckets of equal width.
         *
         * @param array any shape, numbers
         * @return the histogram; without finite elements its counts are 0
         */
        public static Histogram of(NDArray array) {
            return of(HistogramCounts.numbers(array));
        }

        /**
         * The distribution of numbers, in {@value #BUCKETS} buckets of equal width.
         *
         * @param values the numbers
         * @return the histogram; without finite numbers its counts are 0
         */
        public static Histogram of(double... values) {
            HistogramCounts counted = HistogramCounts.of(values, BUCKETS);
            return new Histogram(
                    counted.limits(),
                    counted.counts(),
                    counted.min(),
                    counted.max(),
                    counted.sum(),
                    counted.sumOfSquares(),
                    counted.nonFinite());
        }

        /**
         * How many numbers were counted.
         *
         * @return the sum of the counts
         */
        public long count() {
            return Arrays.stream(counts).sum();
        }
    }

    /**
     * What a metric computes that is no number.
     *
     * @param value a matrix or curves
     */
    record Figure(MetricValue value) implements LogItem {}

    /**
     * A file that belongs to the run.
     *
     * @param file where it lies
     */
    record Artifact(Path file) implements LogItem {}
}
