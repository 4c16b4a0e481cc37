package io.github.lightning4j.testing;

import io.github.lightning4j.Logger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps every row. */
public final class MemoryLogger implements Logger {
    /** Wall-clock figures, which the Trainer adds to the row of an epoch. */
    private static final List<String> TIMES = List.of("epoch_time", "samples_per_second");

    public final List<Row> rows = new ArrayList<>();

    /** One row as it was logged, but for the times. */
    public record Row(long step, long epoch, Map<String, Double> values) {}

    @Override
    public void logMetrics(Map<String, Double> metrics, long step, long epoch) {
        Map<String, Double> values = new LinkedHashMap<>(metrics);
        values.keySet().removeAll(TIMES);
        rows.add(new Row(step, epoch, values));
    }

    /** The rows that hold a name. */
    public List<Row> with(String name) {
        return rows.stream().filter(row -> row.values().containsKey(name)).toList();
    }

    /** The values logged under a name, in order. */
    public List<Double> values(String name) {
        return with(name).stream().map(row -> row.values().get(name)).toList();
    }

    /** The steps at which a name was logged. */
    public List<Long> steps(String name) {
        return with(name).stream().map(Row::step).toList();
    }
}
