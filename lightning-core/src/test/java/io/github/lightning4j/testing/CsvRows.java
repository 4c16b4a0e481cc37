package io.github.lightning4j.testing;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.github.lightning4j.testing.MemoryLogger.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of a {@code metrics.csv}. */
final class CsvRows {
    private CsvRows() {}

    static List<Row> of(Path file) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (CsvReader<NamedCsvRecord> records = CsvReader.builder().ofNamedCsvRecord(file)) {
            for (NamedCsvRecord each : records) {
                rows.add(row(each.getFieldsAsMap()));
            }
        }
        return rows;
    }

    private static Row row(Map<String, String> fields) {
        Map<String, Double> values = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            if (!value.isEmpty()) {
                values.put(name, Double.valueOf(value));
            }
        });
        long step = values.remove("step").longValue();
        long epoch = values.remove("epoch").longValue();
        return new Row(step, epoch, values);
    }
}
