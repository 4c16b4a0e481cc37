package io.github.lightning4j.testing;

import io.github.lightning4j.Logger;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps every row in memory, for a test to look at. Given to a run that is resumed, it goes on where that was saved. */
public final class MemoryLogger implements Logger {
    /** What callbacks say of the clock and the machine, in rows of their own. */
    private static final String GROUPS_OF_TIMES = "(throughput|device)/.*";

    /** Wall-clock figures, which the Trainer adds to the row of an epoch. */
    private static final List<String> TIMES = List.of("epoch_time", "samples_per_second", "data_time");

    private final List<Row> rows = new ArrayList<>();

    /** Creates a logger without rows. */
    public MemoryLogger() {}

    /**
     * One row.
     *
     * @param step the number of optimizer steps done
     * @param epoch the epoch, from 0
     * @param values name and value, in order of first logging
     */
    public record Row(long step, long epoch, Map<String, Double> values) {
        /**
         * This row but for what the clock says, which differs between equal runs.
         *
         * @return the row without the epoch's duration, rate and wait for data, and without what {@code Run.logTimes} is for
         */
        public Row withoutTimes() {
            Map<String, Double> kept = new LinkedHashMap<>(values);
            kept.keySet().removeIf(name -> TIMES.contains(name) || name.matches(GROUPS_OF_TIMES));
            return new Row(step, epoch, kept);
        }
    }

    /**
     * The rows.
     *
     * @return all so far, in order, without times
     */
    public List<Row> rows() {
        return List.copyOf(rows);
    }

    /**
     * The rows that hold a name.
     *
     * @param name the metric
     * @return these rows, in order
     */
    public List<Row> with(String name) {
        return rows.stream().filter(row -> row.values().containsKey(name)).toList();
    }

    /**
     * The values logged under a name.
     *
     * @param name the metric
     * @return the values, in order
     */
    public List<Double> values(String name) {
        return with(name).stream().map(row -> row.values().get(name)).toList();
    }

    /**
     * The steps at which a name was logged.
     *
     * @param name the metric
     * @return the steps, in order
     */
    public List<Long> steps(String name) {
        return with(name).stream().map(Row::step).toList();
    }

    @Override
    public void logMetrics(Map<String, Double> metrics, long step, long epoch) {
        boolean timesAlone =
                !metrics.isEmpty() && metrics.keySet().stream().allMatch(name -> name.matches(GROUPS_OF_TIMES));
        if (!timesAlone) {
            rows.add(new Row(step, epoch, new LinkedHashMap<>(metrics)).withoutTimes());
        }
    }

    @Override
    public void save(StateWriter state) {
        state.putLong("rows", rows.size());
    }

    /** Forgets the rows that came after the checkpoint. */
    @Override
    public void load(StateReader state) {
        long saved = state.getLong("rows");
        if (saved < rows.size()) {
            rows.subList((int) saved, rows.size()).clear();
        }
    }
}
