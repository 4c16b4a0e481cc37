package io.github.lightning4j.testing;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.github.lightning4j.testing.MemoryLogger.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of a {@code metrics.jsonl}. */
final class JsonRows {
    private JsonRows() {}

    static List<Row> of(Path file) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            Map<String, Double> values = new LinkedHashMap<>();
            for (Map.Entry<String, JsonElement> entry :
                    JsonParser.parseString(line).getAsJsonObject().entrySet()) {
                values.put(entry.getKey(), Double.valueOf(entry.getValue().getAsString()));
            }
            rows.add(new Row(
                    values.remove("step").longValue(), values.remove("epoch").longValue(), values));
        }
        return rows;
    }
}
