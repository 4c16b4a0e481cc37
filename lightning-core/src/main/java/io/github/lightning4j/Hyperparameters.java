package io.github.lightning4j;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Hyperparameters on their way: from the record or map a module is made with to names and values, from there to what JSON
 * can hold, and back to a record.
 */
public final class Hyperparameters {
    private Hyperparameters() {}

    /**
     * The components of a record. Enums become their names, nested records maps.
     *
     * @param config the record
     * @return name and value, in the order of the components
     * @throws ConfigurationException naming the hyperparameter that is null or of no such type
     */
    public static Map<String, Object> of(Record config) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (RecordComponent component : config.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                values.put(
                        component.getName(),
                        checked(component.getName(), component.getAccessor().invoke(config)));
            } catch (ReflectiveOperationException | RuntimeException e) {
                throw new ConfigurationException(
                        "Hyperparameter '" + component.getName() + "' of "
                                + config.getClass().getName() + " cannot be read: " + e.getMessage(),
                        e);
            }
        }
        return Collections.unmodifiableMap(values);
    }

    /**
     * The entries of a map. Enums become their names, records maps.
     *
     * @param config numbers, booleans, strings, enums, lists, maps and records by name
     * @return name and value, in the map's order
     * @throws ConfigurationException naming the hyperparameter that is null or of no such type
     */
    public static Map<String, Object> of(Map<String, ?> config) {
        Map<String, Object> values = new LinkedHashMap<>();
        config.forEach((name, value) -> values.put(name, checked(name, value)));
        return Collections.unmodifiableMap(values);
    }

    @SuppressWarnings("unchecked")
    private static Object checked(String name, @Nullable Object value) {
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
            return list.stream().map(item -> checked(name, item)).toList();
        }
        throw new ConfigurationException("Hyperparameter '" + name + "' is "
                + (value == null ? "null" : "a " + value.getClass().getName())
                + "; use numbers, booleans, strings, enums, lists, maps and records.");
    }

    /**
     * What JSON gives back as it was: whole numbers as {@link Long}, others as {@link Double}, booleans, strings, lists, and
     * maps sorted by name.
     *
     * @param hyperparameters name and value
     * @return the same values in those types
     */
    public static Map<String, Object> plain(Map<?, ?> hyperparameters) {
        Map<String, Object> plain = new TreeMap<>();
        hyperparameters.forEach((name, value) -> plain.put(String.valueOf(name), plainValue(value)));
        return plain;
    }

    private static Object plainValue(Object value) {
        if (value instanceof Boolean || value instanceof String) {
            return value;
        }
        if (value instanceof Number number) {
            boolean whole = value instanceof Long
                    || value instanceof Integer
                    || value instanceof Short
                    || value instanceof Byte;
            return whole ? (Object) number.longValue() : (Object) number.doubleValue();
        }
        if (value instanceof List<?> list) {
            List<Object> plain = new ArrayList<>();
            list.forEach(item -> plain.add(plainValue(item)));
            return plain;
        }
        if (value instanceof Map<?, ?> map) {
            return plain(map);
        }
        return String.valueOf(value);
    }

    /**
     * Makes a record from plain values. The record alone says what is read and made; no value can choose a class.
     *
     * @param config the record's class; its components must be the values' names
     * @param plain name and value, as {@link #plain} or JSON gives them
     * @param source where they come from, for messages
     * @param <C> the record
     * @return a new record
     * @throws CheckpointException naming the hyperparameter that is missing, left over or of another type
     */
    public static <C extends Record> C read(Class<C> config, Map<String, Object> plain, String source) {
        return new RecordMaker(source).make(config, plain);
    }
}
