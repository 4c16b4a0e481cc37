package io.github.lightning4j.search;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.internal.io.AtomicFile;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The trials as CSV, the best first. */
final class TrialTable {
    private TrialTable() {}

    static <C> void write(Path file, String monitor, List<Trial<C>> trials) {
        try {
            AtomicFile.write(file, csv(monitor, trials));
        } catch (IOException e) {
            throw new LightningException("The trials could not be written to " + file + ": " + e + ".", e);
        }
    }

    private static <C> String csv(String monitor, List<Trial<C>> trials) throws IOException {
        StringWriter text = new StringWriter();
        try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
            List<String> header = new ArrayList<>(List.of("trial"));
            header.addAll(trials.get(0).values().keySet());
            header.addAll(List.of("seed", "epochs", monitor, "weights_sha256"));
            csv.writeRecord(header);
            trials.forEach(trial -> csv.writeRecord(row(trial)));
        }
        return text.toString();
    }

    private static List<String> row(Trial<?> trial) {
        List<String> row = new ArrayList<>(List.of(Integer.toString(trial.index())));
        trial.values().values().forEach(value -> row.add(value.toString()));
        row.addAll(List.of(
                Long.toString(trial.seed()),
                Long.toString(trial.epochs()),
                Double.toString(trial.value()),
                trial.weightsSha256()));
        return row;
    }
}
