package io.github.lightning4j.plot;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.github.lightning4j.ConfigurationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** A metric in the {@code metrics.csv} of a run: the steps at which it was logged, and what. */
final class MetricColumn {
    private static final String STEP = "step";

    private final DoubleStream.Builder steps = DoubleStream.builder();
    private final DoubleStream.Builder values = DoubleStream.builder();

    /** Some metrics of a file, in the order asked for. */
    static Map<String, MetricColumn> read(Path csv, List<String> names) throws IOException {
        Map<String, MetricColumn> columns = new LinkedHashMap<>();
        names.forEach(name -> columns.put(name, new MetricColumn()));
        boolean first = true;
        try (CsvReader<NamedCsvRecord> rows = CsvReader.builder()
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofNamedCsvRecord(csv)) {
            for (NamedCsvRecord row : rows) {
                if (first) {
                    requireAll(csv, row.getHeader(), names);
                    first = false;
                }
                columns.forEach((name, column) -> column.add(row, name));
            }
        }
        return columns;
    }

    private static void requireAll(Path csv, List<String> header, List<String> names) {
        for (String name : names) {
            if (!header.contains(name) || !header.contains(STEP)) {
                throw new ConfigurationException(
                        csv + " has no column '" + (header.contains(STEP) ? name : STEP) + "'. It has " + header + ".");
            }
        }
    }

    private void add(NamedCsvRecord row, String name) {
        String value = row.findField(name).orElse("");
        if (!value.isEmpty()) {
            steps.add(Double.parseDouble(row.getField(STEP)));
            values.add(Double.parseDouble(value));
        }
    }

    double[] steps() {
        return steps.build().toArray();
    }

    double[] values() {
        return values.build().toArray();
    }
}
