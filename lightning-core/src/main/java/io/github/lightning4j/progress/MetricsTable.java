package io.github.lightning4j.progress;

import io.github.lightning4j.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Each metric of the progress bar with its newest value, its range and its course, as far as it was looked at. */
final class MetricsTable {
    private static final int LONGEST_NAME = 32;
    private static final int NUMBER = 12;
    private static final int LONGEST_CURVE = 64;

    private final Theme theme;
    private final Map<String, Course> courses = new LinkedHashMap<>();

    MetricsTable(Theme theme) {
        this.theme = theme;
    }

    /** What is known of one metric. */
    private static final class Course {
        private final Curve curve = new Curve(4 * LONGEST_CURVE);
        private double last;
        private double lowest = Double.NaN;
        private double highest = Double.NaN;
        private long times = -1;

        void add(double value, long timesLogged) {
            if (timesLogged == times) {
                return;
            }
            times = timesLogged;
            last = value;
            lowest = value < lowest || Double.isNaN(lowest) ? value : lowest;
            highest = value > highest || Double.isNaN(highest) ? value : highest;
            curve.add(value);
        }
    }

    /** Takes the newest values, those that have not been looked at before. */
    void observe(Map<String, Double> metrics, Run run) {
        metrics.forEach((name, value) ->
                courses.computeIfAbsent(name, each -> new Course()).add(value, run.timesLogged(name)));
    }

    /** The table; where there are more metrics than lines, the last line counts those that are left out. */
    List<String> lines(int width, int most) {
        if (courses.isEmpty() || most < 2) {
            return List.of();
        }
        int names = courses.keySet().stream().mapToInt(String::length).max().orElse(0);
        int first = Math.max(10, Math.min(LONGEST_NAME, names));
        int curve = Math.max(0, Math.min(LONGEST_CURVE, width - first - 3 * NUMBER - 2));
        List<String> lines = new ArrayList<>();
        lines.add(theme.dim(Text.padded("metric", first)
                + Text.right("now", NUMBER)
                + Text.right("lowest", NUMBER)
                + Text.right("highest", NUMBER)));
        int shown = courses.size() <= most - 1 ? courses.size() : most - 2;
        courses.forEach((name, course) -> {
            if (lines.size() <= shown) {
                lines.add(row(Text.padded(Text.cut(name, first), first), course, curve));
            }
        });
        if (shown < courses.size()) {
            lines.add(theme.dim("and " + (courses.size() - shown) + " more"));
        }
        return lines;
    }

    private String row(String name, Course course, int curve) {
        return name + Text.right(Text.number(course.last), NUMBER)
                + theme.dim(Text.right(Text.number(course.lowest), NUMBER)
                        + Text.right(Text.number(course.highest), NUMBER))
                + "  " + Sparkline.of(course.curve.points(curve), theme.levels());
    }
}
