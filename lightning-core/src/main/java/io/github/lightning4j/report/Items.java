package io.github.lightning4j.report;

import io.github.lightning4j.LogItem;
import io.github.lightning4j.MetricValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What is no number, as the page takes it. What would be too much for a page is told in fewer words. */
final class Items {
    static final int MOST_ROWS = 200;
    static final int MOST_CLASSES = 64;
    private static final int MOST_POINTS = 400;
    private static final int MOST_CONFUSIONS = 30;
    private static final int MOST_CHARACTERS = 20_000;

    private Items() {}

    static @Nullable Map<String, Object> of(LogItem item, Path directory) {
        if (item instanceof LogItem.Image image) {
            return image(image);
        }
        if (item instanceof LogItem.Text text) {
            return map("kind", "text", "text", shortened(text.markdown()));
        }
        if (item instanceof LogItem.Table table) {
            return table(table);
        }
        if (item instanceof LogItem.Histogram histogram) {
            return histogram(histogram);
        }
        if (item instanceof LogItem.Artifact artifact) {
            return artifact(artifact.file(), directory);
        }
        MetricValue value = ((LogItem.Figure) item).value();
        if (value instanceof MetricValue.Matrix matrix) {
            return matrix(matrix);
        }
        return value instanceof MetricValue.Curve curve ? curve(curve) : null;
    }

    private static Map<String, Object> image(LogItem.Image image) {
        String data = Base64.getEncoder().encodeToString(image.png());
        return map("kind", "image", "width", image.width(), "height", image.height(), "png", data);
    }

    private static String shortened(String text) {
        return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + " …";
    }

    private static Map<String, Object> table(LogItem.Table table) {
        List<List<String>> rows =
                table.rows().subList(0, Math.min(MOST_ROWS, table.rows().size()));
        Map<String, Object> made = map("kind", "table", "columns", table.columns(), "rows", rows);
        made.put("left", table.rows().size() - rows.size());
        return made;
    }

    private static Map<String, Object> histogram(LogItem.Histogram histogram) {
        Map<String, Object> made = map("kind", "histogram", "min", histogram.min(), "max", histogram.max());
        made.put("limits", Arrays.stream(histogram.limits()).boxed().toList());
        made.put("counts", Arrays.stream(histogram.counts()).boxed().toList());
        made.put("nonFinite", histogram.nonFinite());
        return made;
    }

    private static Map<String, Object> artifact(Path file, Path directory) {
        Path absolute = file.toAbsolutePath().normalize();
        Path root = directory.toAbsolutePath().normalize();
        Map<String, Object> made = map("kind", "artifact", "file", String.valueOf(absolute.getFileName()));
        if (absolute.startsWith(root)) {
            List<String> parts = new ArrayList<>();
            root.relativize(absolute).forEach(part -> parts.add(part.toString()));
            made.put("path", parts);
        }
        return made;
    }

    private static Map<String, Object> matrix(MetricValue.Matrix matrix) {
        int size = Math.max(matrix.rows().size(), matrix.columns().size());
        if (size <= MOST_CLASSES) {
            return map("kind", "matrix", "rows", matrix.rows(), "columns", matrix.columns(), "values", matrix.values());
        }
        return table(confusions(matrix));
    }

    /** The cells beside the diagonal that hold most. */
    private static LogItem.Table confusions(MetricValue.Matrix matrix) {
        record Cell(int row, int column, double value) {}
        List<List<String>> rows = IntStream.range(0, matrix.rows().size())
                .boxed()
                .flatMap(i -> IntStream.range(0, matrix.columns().size())
                        .filter(j -> j != i)
                        .mapToObj(j -> new Cell(i, j, matrix.values().get(i).get(j))))
                .filter(cell -> cell.value > 0)
                .sorted(Comparator.comparingDouble(Cell::value).reversed())
                .limit(MOST_CONFUSIONS)
                .map(cell -> List.of(
                        matrix.rows().get(cell.row),
                        matrix.columns().get(cell.column),
                        Digits.shortest(cell.value).toString()))
                .toList();
        return new LogItem.Table(
                List.of("label", "taken for", "most often of " + matrix.rows().size() + " classes"), rows);
    }

    private static Map<String, Object> curve(MetricValue.Curve curve) {
        List<Map<String, Object>> lines =
                curve.lines().stream().map(Items::line).toList();
        return map("kind", "curve", "x", curve.xName(), "y", curve.yName(), "lines", lines);
    }

    private static Map<String, Object> line(MetricValue.Line line) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        List<@Nullable Double> thresholds = new ArrayList<>();
        for (int i : Thinned.indices(line.y(), MOST_POINTS)) {
            x.add(line.x().get(i));
            y.add(line.y().get(i));
            thresholds.add(i < line.thresholds().size() ? line.thresholds().get(i) : null);
        }
        return map("name", line.name(), "x", rounded(x), "y", rounded(y), "thresholds", rounded(thresholds));
    }

    private static List<@Nullable Number> rounded(List<@Nullable Double> values) {
        List<@Nullable Number> rounded = new ArrayList<>();
        for (Double value : values) {
            rounded.add(value == null || !Double.isFinite(value) ? value : Digits.six(value));
        }
        return rounded;
    }

    private static Map<String, Object> map(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
