package io.github.lightning4j.config;

import io.github.lightning4j.internal.io.Json;
import java.io.IOException;
import java.util.Map;

/** JSON. */
final class JsonFormat implements ConfigFormat {
    @Override
    public Map<String, Object> parse(String text, String name) throws IOException {
        return Json.parse(text);
    }

    @Override
    public String text(Map<String, Object> values) {
        return Json.pretty(values) + "\n";
    }
}
