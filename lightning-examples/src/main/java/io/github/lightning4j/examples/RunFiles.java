package io.github.lightning4j.examples;

import io.github.lightning4j.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What a run left in its folder. */
record RunFiles(Path folder) {
    /** The columns that differ from run to run. */
    private static final Set<String> TIMES = Set.of("epoch_time", "samples_per_second", "data_time");

    private List<String> starts() throws IOException {
        Path starts = folder.resolve("starts.csv");
        return Files.exists(starts)
                ? Files.readAllLines(starts).stream()
                        .filter(row -> !row.isEmpty())
                        .toList()
                : List.of();
    }

    /** How often the run was started. */
    int startCount() throws IOException {
        return Math.max(0, starts().size() - 1);
    }

    /** The step that the newest start began with. */
    long firstStep() throws IOException {
        List<String> starts = starts();
        String step = starts.get(starts.size() - 1).split(",", -1)[1];
        return step.isEmpty() ? 0 : Long.parseLong(step);
    }

    /** The step that the newest start has come to. */
    long step() throws IOException {
        List<String> starts = starts();
        return firstStep() + Long.parseLong(starts.get(starts.size() - 1).split(",", -1)[2]);
    }

    private Map<String, Object> result() {
        return Config.read(folder.resolve("result.json"));
    }

    /** The step that the run ended with. */
    long lastStep() {
        return ((Number) Objects.requireNonNull(result().get("globalStep"))).longValue();
    }

    /** The hash of the weights that the run ended with. */
    String weights() {
        return String.valueOf(result().get("weightsSha256"));
    }

    /** The rows of metrics.csv without times; the last, which a start repeats that finds the run done, once. */
    List<String> metrics() throws IOException {
        List<String[]> cells = Files.readAllLines(folder.resolve("metrics.csv")).stream()
                .map(row -> row.split(",", -1))
                .toList();
        String[] names = cells.get(0);
        List<String> rows = new ArrayList<>();
        for (String[] row : cells) {
            List<String> kept = new ArrayList<>();
            for (int i = 0; i < row.length; i++) {
                if (!TIMES.contains(names[i])) {
                    kept.add(row[i]);
                }
            }
            rows.add(String.join(",", kept));
        }
        while (rows.get(rows.size() - 1).equals(rows.get(rows.size() - 2))) {
            rows.remove(rows.size() - 1);
        }
        return rows;
    }
}
