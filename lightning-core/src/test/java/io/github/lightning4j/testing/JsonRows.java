package io.github.lightning4j.testing;

import com.google.gson.JsonObject;
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
            Map<String, Double> values = values(JsonParser.parseString(line).getAsJsonObject());
            rows.add(new Row(
                    values.remove("step").longValue(), values.remove("epoch").longValue(), values));
        }
        return rows;
    }

    /** The rows of a {@code report.jsonl}, whose other lines are left out. */
    static List<Row> reported(Path file) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String text : Files.readAllLines(file)) {
            JsonObject line = JsonParser.parseString(text).getAsJsonObject();
            if (line.has("row")) {
                rows.add(new Row(
                        line.get("step").getAsLong(),
                        line.get("epoch").getAsLong(),
                        values(line.getAsJsonObject("row"))));
            }
        }
        return rows;
    }

    private static Map<String, Double> values(JsonObject object) {
        Map<String, Double> values = new LinkedHashMap<>();
        object.entrySet()
                .forEach(entry -> values.put(
                        entry.getKey(), Double.valueOf(entry.getValue().getAsString())));
        return values;
    }
}
