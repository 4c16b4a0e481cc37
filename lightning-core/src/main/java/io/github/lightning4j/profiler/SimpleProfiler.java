package io.github.lightning4j.profiler;

import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table of where the time of a run went, by stage and by section: hooks, waiting for data, backward, the optimizer's step,
 * loggers, checkpoints. Each row is the section's own time, without the sections within it; what is in no section is the last
 * row. Together they are the time of the run. The table is logged at level INFO when the run ends.
 *
 * <p>Each run, be it a fit, a validation, a test or a prediction, starts afresh. Entering and leaving a section costs about
 * a tenth of a microsecond.
 */
public final class SimpleProfiler implements Profiler {
    private static final Logger LOG = LoggerFactory.getLogger(SimpleProfiler.class);
    private static final String REST = "everything else";

    private final Map<Stage, Map<String, Entry>> entries = new EnumMap<>(Stage.class);
    private final Deque<Entry> open = new ArrayDeque<>();
    private Entry rest = new Entry("", REST);
    private long startedAt;
    private long chargedUntil;

    /**
     * A row of the table.
     *
     * @param stage the stage in lower case, or empty for what is in no section
     * @param section the section
     * @param count how often it was entered
     * @param totalNanos its own time, without sections within it, in nanoseconds
     */
    public record Row(String stage, String section, long count, long totalNanos) {
        /**
         * The mean of its own time.
         *
         * @return nanoseconds an entry
         */
        public double meanNanos() {
            return count == 0 ? 0 : (double) totalNanos / count;
        }
    }

    private static final class Entry {
        private final String stage;
        private final String section;
        private long count;
        private long nanos;

        Entry(String stage, String section) {
            this.stage = stage;
            this.section = section;
        }

        Row row() {
            return new Row(stage, section, count, nanos);
        }
    }

    /** Creates a profiler. */
    public SimpleProfiler() {}

    @Override
    public void start(Run run) {
        entries.clear();
        open.clear();
        rest = new Entry("", REST);
        rest.count = 1;
        startedAt = System.nanoTime();
        chargedUntil = startedAt;
    }

    @Override
    public void enter(Stage stage, String section) {
        charge();
        Entry entry = entries.computeIfAbsent(stage, absent -> new HashMap<>())
                .computeIfAbsent(section, absent -> new Entry(stage.name().toLowerCase(Locale.ROOT), section));
        entry.count++;
        open.push(entry);
    }

    @Override
    public void leave(Stage stage, String section) {
        charge();
        while (!open.isEmpty() && !open.pop().section.equals(section)) {
            LOG.trace("a section within {} was not left", section);
        }
    }

    private void charge() {
        long now = System.nanoTime();
        Entry current = open.isEmpty() ? rest : open.peek();
        current.nanos += now - chargedUntil;
        chargedUntil = now;
    }

    @Override
    public void finish() {
        open.clear();
        charge();
        LOG.info("{}", table());
    }

    /**
     * The time of the run so far, to the last section that was entered or left.
     *
     * @return nanoseconds; the sum of all rows
     */
    public long wallNanos() {
        return chargedUntil - startedAt;
    }

    /**
     * The rows, the longest total first; at the end what is in no section.
     *
     * @return a copy
     */
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        entries.values().forEach(sections -> sections.values().forEach(entry -> rows.add(entry.row())));
        rows.sort(Comparator.comparingLong(Row::totalNanos).reversed());
        rows.add(rest.row());
        return List.copyOf(rows);
    }

    /**
     * The rows as text.
     *
     * @return a table with a line a row, and the sum
     */
    public String table() {
        StringBuilder table = new StringBuilder("where the time went\n");
        line(table, "stage", "section", "count", "mean ms", "total s", "percent");
        long wall = Math.max(1, wallNanos());
        for (Row row : rows()) {
            line(
                    table,
                    row.stage(),
                    row.section(),
                    String.valueOf(row.count()),
                    fixed(row.meanNanos() / 1e6),
                    fixed(row.totalNanos() / 1e9),
                    String.format(Locale.ROOT, "%.2f", 100.0 * row.totalNanos() / wall));
        }
        line(table, "", "the run", "1", fixed(wall / 1e6), fixed(wall / 1e9), "100.00");
        return table.toString().stripTrailing();
    }

    private static String fixed(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static void line(StringBuilder table, String... cells) {
        String format = "%-12s  %-28s  %9s  %12s  %12s  %8s";
        table.append(String.format(Locale.ROOT, format, (Object[]) cells).stripTrailing())
                .append('\n');
    }
}
