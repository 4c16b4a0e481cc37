package io.github.lightning4j.report;

import io.github.lightning4j.internal.io.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is written of a run, line by line; {@link RunRecord} takes it, at once and when the run is read again. */
final class Lines {
    static final String ROW = "row";
    static final String ITEM = "item";
    static final String NAME = "name";
    static final String STEP = "step";
    static final String EPOCH = "epoch";
    static final String SECONDS = "seconds";
    static final String START = "start";
    static final String HYPERPARAMETERS = "hyperparameters";
    static final String MODEL = "model";
    static final String END = "end";

    private Lines() {}

    static Map<String, Object> row(Map<String, Double> metrics, long step, long epoch, double seconds) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put(ROW, new TreeMap<>(metrics));
        line.put(STEP, step);
        line.put(EPOCH, epoch);
        line.put(SECONDS, Math.round(seconds * 1e3) / 1e3);
        return line;
    }

    static Map<String, Object> item(String name, Map<String, Object> item, long step, long epoch) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put(ITEM, item);
        line.put(NAME, name);
        line.put(STEP, step);
        line.put(EPOCH, epoch);
        return line;
    }

    static Map<String, Object> start(List<List<String>> environment) {
        return Map.of(START, environment);
    }

    static Map<String, Object> hyperparameters(Map<String, Object> hyperparameters) {
        return Map.of(HYPERPARAMETERS, hyperparameters);
    }

    static Map<String, Object> model(Map<String, Object> model) {
        return Map.of(MODEL, model);
    }

    static Map<String, Object> end(Map<String, Object> end) {
        return Map.of(END, end);
    }

    static String text(Map<String, Object> line) {
        return Json.write(line) + "\n";
    }
}
