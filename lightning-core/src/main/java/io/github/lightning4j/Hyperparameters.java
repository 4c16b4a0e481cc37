package io.github.lightning4j;

import java.lang.reflect.RecordComponent;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a record or map of hyperparameters into plain values that JSON can hold. */
final class Hyperparameters {
    private Hyperparameters() {}

    static Map<String, Object> of(Record config) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (RecordComponent component : config.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                values.put(
                        component.getName(),
                        plain(component.getName(), component.getAccessor().invoke(config)));
            } catch (ReflectiveOperationException | RuntimeException e) {
                throw new ConfigurationException(
                        "Hyperparameter '" + component.getName() + "' of "
                                + config.getClass().getName() + " cannot be read: " + e.getMessage(),
                        e);
            }
        }
        return Collections.unmodifiableMap(values);
    }

    static Map<String, Object> of(Map<String, ?> config) {
        Map<String, Object> values = new LinkedHashMap<>();
        config.forEach((name, value) -> values.put(name, plain(name, value)));
        return Collections.unmodifiableMap(values);
    }

    @SuppressWarnings("unchecked")
    private static Object plain(String name, @Nullable Object value) {
        if (value instanceof Number || value instanceof Boolean || value instanceof String) {
            return value;
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof Record nested) {
            return of(nested);
        }
        if (value instanceof Map<?, ?> nested) {
            return of((Map<String, ?>) nested);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(item -> plain(name, item)).toList();
        }
        throw new ConfigurationException("Hyperparameter '" + name + "' is "
                + (value == null ? "null" : "a " + value.getClass().getName())
                + "; use numbers, booleans, strings, enums, lists, maps and records.");
    }
}
