package io.github.lightning4j.report;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.internal.io.Json;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** Reads files of lines of JSON. */
final class RecordFile {
    static final String NAME = "report.jsonl";

    private RecordFile() {}

    /** The record of a run, from the file of {@link ReportLogger}. */
    static RunRecord read(Path file) throws IOException {
        RunRecord record = new RunRecord();
        forEachLine(file, record::accept);
        return record;
    }

    /** Reads line by line. A last line that was cut short when its writer was killed is left out. */
    static void forEachLine(Path file, Consumer<Map<String, Object>> reader) throws IOException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(new FileInputStream(file.toFile()), StandardCharsets.UTF_8))) {
            long number = 1;
            for (String line = lines.readLine(); line != null; number++) {
                String next = lines.readLine();
                Map<String, Object> parsed = parse(file, number, line, next == null);
                reader.accept(parsed);
                line = next;
            }
        }
    }

    private static Map<String, Object> parse(Path file, long number, String line, boolean last) {
        try {
            return Json.parse(line);
        } catch (IOException e) {
            if (last) {
                return Map.of();
            }
            throw new CheckpointException(
                    file + " cannot be read: line " + number + " is no JSON object. Restore it, or move it away.", e);
        }
    }
}
