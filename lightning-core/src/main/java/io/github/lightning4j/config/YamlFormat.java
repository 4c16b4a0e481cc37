package io.github.lightning4j.config;

import io.github.lightning4j.ConfigurationException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** YAML 1.2. */
final class YamlFormat implements ConfigFormat {
    @Override
    public Map<String, Object> parse(String text, String name) throws IOException {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setAllowDuplicateKeys(false)
                .setLabel(name)
                .build();
        Object root;
        try {
            root = new Load(settings).loadFromString(text);
        } catch (YamlEngineException e) {
            throw new IOException(String.valueOf(e.getMessage()).strip(), e);
        }
        if (root == null) {
            return Map.of();
        }
        if (!(root instanceof Map<?, ?> map)) {
            throw new ConfigurationException(
                    name + " holds " + TypeText.ofValue(root) + ", where names and values are expected, as 'lr: 0.1'.");
        }
        return group(name + ": ", "", map);
    }

    private static Map<String, Object> group(String file, String place, Map<?, ?> map) {
        Map<String, Object> group = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (!(key instanceof String text)) {
                throw new ConfigurationException(file + "'" + place + key
                        + "' is a name that YAML reads as something else than a text; put it in quotes.");
            }
            group.put(text, plain(file, place + text + ".", value));
        });
        return group;
    }

    private static @Nullable Object plain(String file, String place, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return group(file, place, map);
        }
        if (value instanceof List<?> list) {
            List<Object> items = new ArrayList<>();
            list.forEach(item -> items.add(plain(file, place, item)));
            return items;
        }
        return value;
    }

    @Override
    public String text(Map<String, Object> values) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setSchema(new CoreSchema())
                .setSplitLines(false)
                .build();
        return new Dump(settings).dumpToString(written(values));
    }

    /** A float as the shortest number that gives it back. */
    private static @Nullable Object written(@Nullable Object value) {
        if (value instanceof Float number) {
            return Double.valueOf(number.toString());
        }
        if (value instanceof List<?> list) {
            List<Object> items = new ArrayList<>();
            list.forEach(item -> items.add(written(item)));
            return items;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> group = new LinkedHashMap<>();
            map.forEach((key, item) -> group.put(key, written(item)));
            return group;
        }
        return value;
    }
}
