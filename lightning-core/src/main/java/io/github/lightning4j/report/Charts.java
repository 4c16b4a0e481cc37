package io.github.lightning4j.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which curves are drawn together: of one run those of one quantity, of several those of one metric. */
final class Charts {
    private static final int MOST_POINTS = 30_000;
    private static final int LEAST_OF_A_CURVE = 100;
    private static final int MOST_CURVES = 16;

    private final List<ReportedRun> runs;
    private final int pointsOfACurve;

    private record Line(int run, String name, Quantity quantity, Series series) {}

    private record Chart(String title, Quantity.Section section, List<Line> lines) {
        boolean isValidated() {
            return lines.stream().anyMatch(line -> line.quantity.stage().equals("val"));
        }

        boolean isLoss() {
            return title.equals("loss") || title.endsWith("_loss");
        }
    }

    Charts(List<ReportedRun> runs) {
        this.runs = runs;
        int curves = runs.stream().mapToInt(run -> run.record().series().size()).sum();
        this.pointsOfACurve =
                Math.max(LEAST_OF_A_CURVE, Math.min(2 * Series.MOST_BUCKETS, MOST_POINTS / Math.max(1, curves)));
    }

    List<Map<String, Object>> all() {
        Map<List<Object>, List<Line>> together = lines().collect(Collectors.groupingBy(
                line -> List.of(line.quantity.section(), runs.size() == 1 ? line.quantity.title() : line.name),
                LinkedHashMap::new,
                Collectors.toList()));
        return together.entrySet().stream()
                .map(entry -> new Chart(
                        (String) entry.getKey().get(1),
                        (Quantity.Section) entry.getKey().get(0),
                        entry.getValue()))
                .sorted(Comparator.comparing(Chart::section)
                        .thenComparing(chart -> !chart.isValidated())
                        .thenComparing(chart -> !chart.isLoss()))
                .flatMap(this::split)
                .toList();
    }

    private Stream<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            int run = i;
            runs.get(i)
                    .record()
                    .series()
                    .forEach((name, series) -> lines.add(new Line(run, name, Quantity.of(name), series)));
        }
        return lines.stream();
    }

    /** More curves than anybody can tell apart are shown in several charts. */
    private Stream<Map<String, Object>> split(Chart chart) {
        int parts = (chart.lines.size() + MOST_CURVES - 1) / MOST_CURVES;
        List<Map<String, Object>> charts = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            String title = parts == 1 ? chart.title : chart.title + " (" + (i + 1) + " of " + parts + ")";
            List<Line> some = chart.lines.subList(i * MOST_CURVES, Math.min(chart.lines.size(), (i + 1) * MOST_CURVES));
            charts.add(described(new Chart(title, chart.section, some)));
        }
        return charts.stream();
    }

    private Map<String, Object> described(Chart chart) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("title", chart.title);
        described.put("section", chart.section.key());
        described.put("lines", chart.lines.stream().map(this::described).toList());
        return described;
    }

    private Map<String, Object> described(Line line) {
        Points points = line.series.points(pointsOfACurve);
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("run", line.run);
        described.put("name", line.name);
        described.put("stage", line.quantity.stage());
        described.put("x", points.xs());
        described.put("y", points.ys());
        return described;
    }
}
