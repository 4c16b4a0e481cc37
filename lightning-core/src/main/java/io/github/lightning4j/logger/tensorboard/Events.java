package io.github.lightning4j.logger.tensorboard;

import io.github.lightning4j.LogItem;
import io.github.lightning4j.MetricValue;
import io.github.lightning4j.plot.Plots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * TensorBoard's events. The numbers of fields are those of {@code event.proto}, {@code summary.proto}, {@code tensor.proto},
 * {@code plugins/hparams/plugin_data.proto} and {@code plugins/pr_curve/plugin_data.proto} of TensorBoard.
 */
final class Events {
    private static final String HPARAMS = "hparams";
    private static final int FLOATS = 1;
    private static final int STRINGS = 7;
    private static final int RGB = 3;

    /** A larger table is not read, but slow to be shown. */
    private static final int MOST_ROWS = 50;

    private static final Proto SCALAR = metadata("scalars", new byte[0]).number(4, 1);

    private Events() {}

    static byte[] fileVersion(double seconds) {
        return new Proto().real(1, seconds).text(3, "brain.Event:2").toBytes();
    }

    private static byte[] event(double seconds, long step, Proto summary) {
        return new Proto().real(1, seconds).number(2, step).message(5, summary).toBytes();
    }

    /** TensorBoard's own reader takes floats alone; the exact number stands beside, for readers that want it. */
    static byte[] scalars(double seconds, long step, Map<String, Double> values) {
        Proto summary = new Proto();
        values.forEach((tag, value) -> {
            Proto tensor =
                    new Proto().number(1, FLOATS).floats(5, value.floatValue()).reals(6, value);
            summary.message(1, new Proto().text(1, tag).message(8, tensor).message(9, SCALAR));
        });
        return event(seconds, step, summary);
    }

    /** The event that shows an item; null if TensorBoard has nothing of that kind. */
    static byte @Nullable [] item(double seconds, long step, String tag, LogItem item) {
        if (item instanceof LogItem.Figure figure) {
            return event(seconds, step, figure(tag, figure.value()));
        }
        Proto value = new Proto().text(1, tag);
        if (item instanceof LogItem.Image image) {
            value.message(4, image(image));
        } else if (item instanceof LogItem.Histogram histogram) {
            value.message(5, histogram(histogram));
        } else if (item instanceof LogItem.Text text) {
            addText(value, text.markdown());
        } else if (item instanceof LogItem.Table table) {
            addText(value, markdown(table));
        } else {
            return null;
        }
        return event(seconds, step, new Proto().message(1, value));
    }

    /** The picture, and behind it the numbers: tags of their own, since TensorBoard gives a tag to one of its pages. */
    private static Proto figure(String tag, MetricValue value) {
        Proto summary = new Proto();
        summary.message(
                1,
                new Proto().text(1, tag).message(4, image(Plots.of(tag, value).toImage())));
        if (value instanceof MetricValue.Matrix matrix && matrix.rows().size() <= MOST_ROWS) {
            Proto text = new Proto().text(1, tag + "/table");
            addText(text, markdown(table(matrix)));
            summary.message(1, text);
        }
        if (value instanceof MetricValue.Curve curve && PrCurves.areIn(curve)) {
            for (MetricValue.Line line : curve.lines()) {
                String name = tag + "/" + (line.name().isEmpty() ? "pr_curve" : line.name());
                if (PrCurves.isKnown(line)) {
                    summary.message(1, prCurve(name, line));
                }
            }
        }
        return summary;
    }

    private static Proto prCurve(String tag, MetricValue.Line line) {
        Proto shape =
                new Proto().message(2, new Proto().number(1, 6)).message(2, new Proto().number(1, PrCurves.THRESHOLDS));
        Proto tensor = new Proto().number(1, FLOATS).message(2, shape).bytes(4, PrCurves.rows(line));
        Proto content = new Proto().number(2, PrCurves.THRESHOLDS);
        return new Proto().text(1, tag).message(8, tensor).message(9, metadata("pr_curves", content.toBytes()));
    }

    private static Proto image(LogItem.Image image) {
        return new Proto()
                .number(1, image.height())
                .number(2, image.width())
                .number(3, RGB)
                .bytes(4, image.png());
    }

    private static Proto histogram(LogItem.Histogram histogram) {
        double[] counts = new double[histogram.counts().length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = histogram.counts()[i];
        }
        return new Proto()
                .real(1, histogram.min())
                .real(2, histogram.max())
                .real(3, histogram.count())
                .real(4, histogram.sum())
                .real(5, histogram.sumOfSquares())
                .reals(6, histogram.limits())
                .reals(7, counts);
    }

    private static void addText(Proto value, String text) {
        Proto one = new Proto().message(2, new Proto().number(1, 1));
        value.message(8, new Proto().number(1, STRINGS).message(2, one).text(8, text));
        value.message(9, metadata("text", new byte[0]).number(4, 2));
    }

    private static Proto metadata(String plugin, byte[] content) {
        return new Proto().message(1, new Proto().text(1, plugin).bytes(2, content));
    }

    private static LogItem.Table table(MetricValue.Matrix matrix) {
        List<String> columns = new ArrayList<>(matrix.columns());
        columns.add(0, "");
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < matrix.rows().size(); i++) {
            List<String> cells = new ArrayList<>(
                    matrix.values().get(i).stream().map(Events::shortest).toList());
            cells.add(0, matrix.rows().get(i));
            rows.add(cells);
        }
        return new LogItem.Table(columns, rows);
    }

    /** Counts without a decimal point. */
    private static String shortest(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static String markdown(LogItem.Table table) {
        StringJoiner lines = new StringJoiner("\n");
        lines.add(line(table.columns()));
        lines.add(line(table.columns().stream().map(column -> "---").toList()));
        table.rows().forEach(row -> lines.add(line(row)));
        return lines.toString();
    }

    private static String line(List<String> cells) {
        StringJoiner line = new StringJoiner(" | ", "| ", " |");
        cells.forEach(cell -> line.add(cell.replace("|", "\\|").replace("\n", " ")));
        return line.toString();
    }

    static byte[] graph(double seconds, byte[] graph) {
        return new Proto().real(1, seconds).bytes(4, graph).toBytes();
    }

    /** The hyperparameters of a run, by which TensorBoard compares it with others. */
    static byte[] hyperparameters(double seconds, String run, Map<String, Object> hyperparameters) {
        Proto start = new Proto();
        hyperparameters.forEach(
                (name, value) -> start.message(1, new Proto().text(1, name).message(2, value(value))));
        start.text(4, run).real(5, seconds);
        Proto content = new Proto().message(3, start);
        Proto summary = new Proto()
                .message(
                        1,
                        new Proto()
                                .text(1, "_hparams_/session_start_info")
                                .message(9, metadata(HPARAMS, content.toBytes())));
        return event(seconds, 0, summary);
    }

    private static Proto value(@Nullable Object value) {
        if (value instanceof Number number) {
            return new Proto().real(2, number.doubleValue());
        }
        if (value instanceof Boolean truth) {
            return new Proto().truth(4, truth);
        }
        return new Proto().text(3, String.valueOf(value));
    }
}
