package io.github.lightning4j.report;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.internal.io.Json;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what a run has left in its directory, whichever of our loggers wrote it. */
final class RunReader {
    private static final Logger LOG = LoggerFactory.getLogger(RunReader.class);
    private static final String LINES = "metrics.jsonl";
    private static final String CSV = "metrics.csv";
    private static final List<String> KEYS = List.of(Lines.STEP, Lines.EPOCH);

    private RunReader() {}

    static boolean isRun(Path directory) {
        return Stream.of(RecordFile.NAME, LINES, CSV).anyMatch(name -> Files.isRegularFile(directory.resolve(name)));
    }

    static ReportedRun read(Path directory, String name) throws IOException {
        RunRecord record = record(directory);
        Map<String, Object> result = object(directory.resolve("result.json"));
        record.fillIn(object(directory.resolve("hparams.json")), end(result));
        return new ReportedRun(name, record, SavedFiles.in(directory), best(record, result));
    }

    private static RunRecord record(Path directory) throws IOException {
        if (Files.isRegularFile(directory.resolve(RecordFile.NAME))) {
            return RecordFile.read(directory.resolve(RecordFile.NAME));
        }
        RunRecord record = new RunRecord();
        if (Files.isRegularFile(directory.resolve(LINES))) {
            RecordFile.forEachLine(directory.resolve(LINES), row -> addRow(record, row));
        } else if (Files.isRegularFile(directory.resolve(CSV))) {
            readCsv(directory.resolve(CSV), record);
        } else {
            throw new ConfigurationException(directory + " holds no run: there is neither " + RecordFile.NAME + " nor "
                    + LINES + " nor " + CSV + ". Name the directory of a run.");
        }
        return record;
    }

    private static void addRow(RunRecord record, Map<String, Object> row) {
        if (row.get(Lines.STEP) instanceof Number step && row.get(Lines.EPOCH) instanceof Number epoch) {
            Map<String, Object> metrics = new LinkedHashMap<>(row);
            metrics.keySet().removeAll(KEYS);
            record.addRow(metrics, step.doubleValue(), epoch.doubleValue(), Double.NaN);
        }
    }

    private static void readCsv(Path file, RunRecord record) throws IOException {
        try (CsvReader<NamedCsvRecord> rows = CsvReader.builder()
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .detectBomHeader(true)
                .ofNamedCsvRecord(new FileInputStream(file.toFile()))) {
            for (NamedCsvRecord row : rows) {
                Map<String, Object> parsed = new LinkedHashMap<>();
                row.getFieldsAsMap().forEach((name, cell) -> {
                    if (!cell.isEmpty()) {
                        parsed.put(name, Double.valueOf(cell));
                    }
                });
                addRow(record, parsed);
            }
        } catch (NumberFormatException e) {
            throw new ConfigurationException(
                    file + " cannot be read: " + e.getMessage()
                            + " is no number. Restore the file, or leave the run out.",
                    e);
        }
    }

    /** What lies beside the metrics tells more, but its loss costs no more than that. */
    private static Map<String, Object> object(Path file) {
        if (!Files.isRegularFile(file)) {
            return Map.of();
        }
        try {
            return Json.parse(Files.readString(file));
        } catch (IOException e) {
            LOG.warn("{} is left out of the report, because it cannot be read: {}", file, e.toString());
            return Map.of();
        }
    }

    private static Map<String, Object> end(Map<String, Object> result) {
        Object reason = result.get("stopReason");
        return reason == null ? Map.of() : Map.of("reason", reason, "failed", false);
    }

    @SuppressWarnings("unchecked") // both come from JSON, whose objects have names of text
    private static List<Map<String, Object>> best(RunRecord record, Map<String, Object> result) {
        if (record.end().get("best") instanceof List<?> best) {
            return (List<Map<String, Object>>) best;
        }
        return result.get("bestCheckpoint") instanceof String path
                ? List.of(Map.of("name", path.substring(path.replace('\\', '/').lastIndexOf('/') + 1)))
                : List.of();
    }
}
