package io.github.lightning4j.report;

import io.github.lightning4j.internal.io.Json;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is known of a run, in bounded memory: thinned curves, the newest of everything else. */
final class RunRecord {
    private static final int MOST_ITEMS = 100;

    private final Map<String, Series> series = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> items = new LinkedHashMap<>();
    private final Series seconds = new Series();
    private final Series epochs = new Series();
    private List<?> environment = List.of();
    private Map<?, ?> hyperparameters = Map.of();
    private Map<?, ?> model = Map.of();
    private Map<String, Object> end = Map.of();
    private long starts;

    /** Takes a line. */
    void accept(Map<?, ?> line) {
        if (line.get(Lines.ROW) instanceof Map<?, ?> row) {
            addRow(row, number(line.get(Lines.STEP)), number(line.get(Lines.EPOCH)), number(line.get(Lines.SECONDS)));
        } else if (line.get(Lines.ITEM) instanceof Map<?, ?> item) {
            addItem(String.valueOf(line.get(Lines.NAME)), item, line);
        } else if (line.get(Lines.START) instanceof List<?> start) {
            environment = start;
            end = Map.of();
            starts++;
        } else if (line.get(Lines.HYPERPARAMETERS) instanceof Map<?, ?> named) {
            hyperparameters = named;
        } else if (line.get(Lines.MODEL) instanceof Map<?, ?> described) {
            model = described;
        } else if (line.get(Lines.END) instanceof Map<?, ?> ended) {
            end = strings(ended);
        }
    }

    /** Takes a row; a number of seconds that is not known is NaN. */
    void addRow(Map<?, ?> row, double step, double epoch, double secondsSoFar) {
        new TreeMap<Object, Object>(row)
                .forEach((name, value) -> series.computeIfAbsent(String.valueOf(name), any -> new Series())
                        .add(step, number(value)));
        if (!Double.isNaN(secondsSoFar)) {
            seconds.add(step, secondsSoFar);
        }
        epochs.add(step, epoch);
    }

    private void addItem(String name, Map<?, ?> item, Map<?, ?> line) {
        Map<String, Object> shown = strings(item);
        shown.put(Lines.NAME, name);
        shown.put(Lines.STEP, number(line.get(Lines.STEP)));
        items.remove(name);
        items.put(name, shown);
        if (items.size() > MOST_ITEMS) {
            items.remove(items.keySet().iterator().next());
        }
    }

    private static Map<String, Object> strings(Map<?, ?> map) {
        Map<String, Object> strings = new LinkedHashMap<>();
        map.forEach((name, value) -> strings.put(String.valueOf(name), value));
        return strings;
    }

    private static double number(@Nullable Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        Double read = value == null ? null : Json.toDouble(value);
        return read == null ? Double.NaN : read;
    }

    /** What is known where the run was not recorded by a report. */
    void fillIn(Map<?, ?> knownHyperparameters, Map<String, Object> knownEnd) {
        if (hyperparameters.isEmpty()) {
            hyperparameters = knownHyperparameters;
        }
        if (end.isEmpty()) {
            end = knownEnd;
        }
    }

    Map<String, Series> series() {
        return series;
    }

    Collection<Map<String, Object>> items() {
        return items.values();
    }

    Series seconds() {
        return seconds;
    }

    Series epochs() {
        return epochs;
    }

    List<?> environment() {
        return environment;
    }

    Map<?, ?> hyperparameters() {
        return hyperparameters;
    }

    Map<?, ?> model() {
        return model;
    }

    /** How it ended; empty as long as it has not. */
    Map<String, Object> end() {
        return end;
    }

    long starts() {
        return starts;
    }
}
