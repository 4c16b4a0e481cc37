package io.github.lightning4j.plot;

import io.github.lightning4j.LogItem;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/** How numbers are distributed: a bar for each bucket, as high as numbers lie in it. */
public final class HistogramPlot extends Plot {
    private static final int BAR = 0x1F77B4;

    private final Frame frame;
    private final LogItem.Histogram histogram;

    private HistogramPlot(String title, LogItem.Histogram histogram) {
        this.histogram = histogram;
        String left = histogram.nonFinite() == 0 ? "" : ", and " + histogram.nonFinite() + " NaN or infinite";
        frame = new Frame(
                title,
                "value (" + histogram.count() + left + ")",
                "count",
                Axis.along(DoubleStream.of(lower(0), histogram.limits()[histogram.limits().length - 1])),
                Axis.around(DoubleStream.concat(
                        DoubleStream.of(0), Arrays.stream(histogram.counts()).asDoubleStream())),
                Frame.TOP);
    }

    /**
     * Draws a histogram.
     *
     * @param title what stands above it
     * @param histogram what to draw
     * @return the plot
     */
    public static HistogramPlot of(String title, LogItem.Histogram histogram) {
        return new HistogramPlot(title, histogram);
    }

    /**
     * Draws how numbers are distributed, in {@value LogItem.Histogram#BUCKETS} buckets of equal width.
     *
     * @param title what stands above it
     * @param values the numbers; NaN and infinities are counted beside
     * @return the plot
     */
    public static HistogramPlot of(String title, double... values) {
        return of(title, LogItem.Histogram.of(values));
    }

    @Override
    int width() {
        return Frame.WIDTH;
    }

    @Override
    int height() {
        return Frame.HEIGHT;
    }

    @Override
    void draw(Pen pen) {
        frame.draw(pen);
        for (int i = 0; i < histogram.counts().length; i++) {
            double width = frame.x(upper(i)) - frame.x(lower(i));
            double shown = width > 6 ? width - 1 : Math.max(width, histogram.counts().length == 1 ? 8 : 0.5);
            double middle = (frame.x(lower(i)) + frame.x(upper(i))) / 2;
            double top = frame.y(histogram.counts()[i]);
            pen.box(middle - shown / 2, top, shown, frame.floor() - top, BAR);
        }
    }

    private double lower(int bucket) {
        return bucket == 0 ? histogram.min() : histogram.limits()[bucket - 1];
    }

    private double upper(int bucket) {
        return histogram.limits()[bucket];
    }
}
