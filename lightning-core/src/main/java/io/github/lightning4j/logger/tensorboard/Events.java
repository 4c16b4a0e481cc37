package io.github.lightning4j.logger.tensorboard;

import io.github.lightning4j.LogItem;
import io.github.lightning4j.MetricValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * TensorBoard's events. The numbers of fields are those of {@code event.proto}, {@code summary.proto}, {@code tensor.proto} and
 * {@code plugins/hparams/plugin_data.proto} of TensorBoard.
 */
final class Events {
    private static final String HPARAMS = "hparams";
    private static final int DOUBLES = 2;
    private static final int STRINGS = 7;
    private static final int RGB = 3;

    private static final Proto SCALAR = metadata("scalars", new byte[0]).number(4, 1);

    private Events() {}

    static byte[] fileVersion(double seconds) {
        return new Proto().real(1, seconds).text(3, "brain.Event:2").toBytes();
    }

    private static byte[] event(double seconds, long step, Proto summary) {
        return new Proto().real(1, seconds).number(2, step).message(5, summary).toBytes();
    }

    static byte[] scalars(double seconds, long step, Map<String, Double> values) {
        Proto summary = new Proto();
        values.forEach((tag, value) -> {
            Proto tensor = new Proto().number(1, DOUBLES).reals(6, new double[] {value});
            summary.message(1, new Proto().text(1, tag).message(8, tensor).message(9, SCALAR));
        });
        return event(seconds, step, summary);
    }

    /** The event that shows an item; null if TensorBoard has nothing of that kind. */
    static byte @Nullable [] item(double seconds, long step, String tag, LogItem item) {
        Proto value = new Proto().text(1, tag);
        if (item instanceof LogItem.Image image) {
            value.message(4, image(image));
        } else if (item instanceof LogItem.Histogram histogram) {
            value.message(5, histogram(histogram));
        } else if (item instanceof LogItem.Text text) {
            addText(value, text.markdown());
        } else if (item instanceof LogItem.Table table) {
            addText(value, markdown(table));
        } else if (item instanceof LogItem.Figure figure && figure.value() instanceof MetricValue.Matrix matrix) {
            addText(value, markdown(table(matrix)));
        } else {
            return null;
        }
        return event(seconds, step, new Proto().message(1, value));
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
