package io.github.lightning4j.report;

import io.github.lightning4j.internal.io.AtomicFile;
import io.github.lightning4j.internal.io.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The page: a template with its styles and scripts, and the runs as JSON, which no text can end. */
final class Page {
    private static final String DATA = "@@DATA@@";
    private static final List<String> SCRIPTS = List.of("basics.js", "charts.js", "items.js", "page.js");

    private Page() {}

    /** What never changes, read once. */
    private static final class Template {
        static final String BEFORE;
        static final String BEHIND;

        static {
            String whole = resource("report.html")
                    .replace("@@UPLOT_CSS@@", resource("uPlot.min.css"))
                    .replace("@@CSS@@", resource("report.css"))
                    .replace("@@UPLOT_LICENSE@@", resource("uPlot-LICENSE.txt"))
                    .replace("@@UPLOT@@", resource("uPlot.iife.min.js"))
                    .replace("@@SCRIPTS@@", scripts());
            int data = whole.indexOf(DATA);
            BEFORE = whole.substring(0, data);
            BEHIND = whole.substring(data + DATA.length());
        }

        private static String scripts() {
            return SCRIPTS.stream().map(Template::resource).collect(Collectors.joining());
        }

        private static String resource(String name) {
            try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream(name), name)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static void write(Path file, List<ReportedRun> runs) throws IOException {
        AtomicFile.write(file, of(runs));
    }

    static String of(List<ReportedRun> runs) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("written", Clock.now());
        data.put("runs", runs.stream().map(Page::described).toList());
        data.put("charts", new Charts(runs).all());
        return Template.BEFORE + Json.write(data).replace("<", "\\u003c") + Template.BEHIND;
    }

    private static Map<String, Object> described(ReportedRun run) {
        RunRecord record = run.record();
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("name", run.name());
        described.put("starts", record.starts());
        described.put("end", record.end());
        described.put("environment", record.environment());
        described.put("hyperparameters", record.hyperparameters());
        described.put("model", record.model());
        described.put("checkpoints", run.checkpoints());
        described.put("best", run.best());
        described.put("items", List.copyOf(record.items()));
        described.put("seconds", points(record.seconds()));
        described.put("epochs", points(record.epochs()));
        described.put("metrics", metrics(record));
        return described;
    }

    private static Map<String, Object> points(Series series) {
        Points points = series.points(Series.MOST_BUCKETS / 2);
        return Map.of("x", points.xs(), "y", points.ys());
    }

    private static List<Map<String, Object>> metrics(RunRecord record) {
        List<Map<String, Object>> metrics = new ArrayList<>();
        record.series().forEach((name, series) -> {
            Extremes extremes = series.extremes();
            Map<String, Object> metric = new LinkedHashMap<>();
            metric.put("name", name);
            metric.put("better", Direction.of(name).key());
            metric.put("count", extremes.count());
            metric.put("last", series.last());
            metric.put("lastAt", Digits.shortest(series.lastX()));
            metric.put("min", extremes.min());
            metric.put("minAt", Digits.shortest(extremes.minAt()));
            metric.put("max", extremes.max());
            metric.put("maxAt", Digits.shortest(extremes.maxAt()));
            metric.put("nonFinite", extremes.nonFinite());
            metric.put("firstNonFinite", extremes.firstNonFinite());
            metric.put("firstNonFiniteAt", Digits.shortest(extremes.firstNonFiniteAt()));
            metrics.add(metric);
        });
        return metrics;
    }
}
