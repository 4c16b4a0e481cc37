package io.github.lightning4j.testing;

import io.github.lightning4j.fixture.EventFile;
import io.github.lightning4j.testing.MemoryLogger.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of scalars in an event file. */
final class EventRows {
    private EventRows() {}

    static List<Row> of(Path file) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (EventFile.Event event : EventFile.read(file)) {
            Map<String, Double> values = new LinkedHashMap<>(event.scalars());
            Double epoch = values.remove("epoch");
            if (epoch != null) {
                rows.add(new Row(event.step(), epoch.longValue(), values));
            }
        }
        return rows;
    }
}
