package io.github.lightning4j.plot;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.MetricValue;
import io.github.lightning4j.Require;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Lines over an axis. They differ in colour and in dashes, from the fifth on also in marks; NaN and infinities are gaps, a
 * point between gaps is a dot. Long lines are thinned to what can be told apart.
 *
 * <pre>{@code
 * LinePlot.builder("Loss").line("train", 0.9, 0.5, 0.3).line("val", 1.0, 0.7, 0.6).xName("epoch").build()
 *         .write(directory.resolve("loss.svg"));
 * }</pre>
 */
public final class LinePlot extends Plot {
    /** How many lines are drawn; more are counted in the legend alone. */
    private static final int MOST_LINES = 40;

    private final Frame frame;
    private final List<Line> lines;
    private final Legend legend;

    private LinePlot(Builder builder) {
        lines = List.copyOf(builder.lines);
        legend = new Legend(lines);
        frame = new Frame(
                builder.title,
                builder.xName,
                builder.yName,
                Axis.along(drawn().stream().flatMapToDouble(Line::allX)),
                Axis.around(drawn().stream().flatMapToDouble(Line::allY)),
                Frame.TOP + legend.height() + 6);
    }

    private List<Line> drawn() {
        return lines.subList(0, Math.min(MOST_LINES, lines.size()));
    }

    /**
     * Starts a plot.
     *
     * @param title what stands above it
     * @return the builder
     */
    public static Builder builder(String title) {
        return new Builder(title);
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
        drawn().forEach(line -> line.draw(pen, frame));
        legend.draw(pen);
    }

    /** Builds a {@link LinePlot}. */
    public static final class Builder {
        private final String title;
        private final List<Line> lines = new ArrayList<>();
        private int looks;
        private String xName = "";
        private String yName = "";

        private Builder(String title) {
            this.title = title;
        }

        /**
         * Names the x axis.
         *
         * @param name what x is
         * @return this
         */
        public Builder xName(String name) {
            xName = name;
            return this;
        }

        /**
         * Names the y axis.
         *
         * @param name what y is
         * @return this
         */
        public Builder yName(String name) {
            yName = name;
            return this;
        }

        /**
         * Adds a line over 0, 1, 2 and so on.
         *
         * @param name what it is; without a name it is not in the legend
         * @param y its values; copied
         * @return this
         */
        public Builder line(String name, double... y) {
            return line(name, IntStream.range(0, y.length).asDoubleStream().toArray(), y);
        }

        /**
         * Adds a line.
         *
         * @param name what it is; without a name it is not in the legend
         * @param x x of each point; copied
         * @param y y of each point; copied
         * @return this
         * @throws ConfigurationException if there are more of one than of the other
         */
        public Builder line(String name, double[] x, double[] y) {
            requireSame("line '" + name + "'", x, y);
            double[] copy = y.clone();
            lines.add(new Line(name, looks++, x.clone(), copy, copy));
            return this;
        }

        /**
         * Adds a band, in the colour of the line that is added next.
         *
         * @param name what it is; without a name it is not in the legend
         * @param x x of each place; copied
         * @param low where the band begins there; copied
         * @param high where it ends there; copied
         * @return this
         * @throws ConfigurationException if there are more of one than of another
         */
        public Builder band(String name, double[] x, double[] low, double[] high) {
            requireSame("band '" + name + "'", x, low);
            requireSame("band '" + name + "'", x, high);
            lines.add(new Line(name, looks, x.clone(), low.clone(), high.clone()));
            return this;
        }

        /**
         * Adds the curves that a metric has computed, and names the axes after them.
         *
         * @param curves such as the value of an {@code ROC}
         * @return this
         */
        public Builder curves(MetricValue.Curve curves) {
            for (MetricValue.Line line : curves.lines()) {
                line(line.name(), numbers(line.x()), numbers(line.y()));
            }
            return xName(curves.xName()).yName(curves.yName());
        }

        /**
         * Adds columns of the {@code metrics.csv} of a run, over its steps, and names the x axis after that.
         *
         * @param csv the file
         * @param names the metrics, each a line of the rows that have it
         * @return this
         * @throws ConfigurationException if a metric is not among the file's columns
         * @throws IOException if it cannot be read
         */
        public Builder metrics(Path csv, String... names) throws IOException {
            Map<String, MetricColumn> columns = MetricColumn.read(csv, List.of(names));
            columns.forEach((name, column) -> line(name, column.steps(), column.values()));
            return xName("step");
        }

        private static double[] numbers(List<Double> values) {
            return values.stream().mapToDouble(Double::doubleValue).toArray();
        }

        private static void requireSame(String what, double[] x, double[] y) {
            Require.that(
                    x.length == y.length,
                    "the number of values of " + what,
                    y.length,
                    "that of its x, " + x.length,
                    "Use NaN where there is none.");
        }

        /**
         * Builds the plot.
         *
         * @return the plot of all lines so far
         */
        public LinePlot build() {
            return new LinePlot(this);
        }
    }
}
