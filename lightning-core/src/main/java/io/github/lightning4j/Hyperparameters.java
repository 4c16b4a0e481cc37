package io.github.lightning4j;

import com.google.gson.JsonNull;
import io.github.lightning4j.internal.io.Json;
import io.github.lightning4j.internal.record.RecordReader;
import io.github.lightning4j.internal.record.TextForm;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Hyperparameters on their way: from the record or map a module is made with to names and values, from there to what JSON
 * can hold, and back to a record.
 */
public final class Hyperparameters {
    private static final String KINDS =
            "numbers (byte, short, int, long, float, double), booleans, strings, enums, paths, durations and other types with"
                    + " a static parse(String), Optional, lists, maps by string or enum, and records";

    private Hyperparameters() {}

    /**
     * The components of a record. Enums become their names, nested records maps, paths, durations and whatever else has a
     * static {@code parse} of a text become texts, and an Optional what is in it, or null.
     *
     * @param config the record
     * @return name and value, in the order of the components; null where a component is
     * @throws ConfigurationException naming the hyperparameter that is of no such type, or would not come back equal from a
     *     checkpoint
     */
    public static Map<String, Object> of(Record config) {
        Map<String, Object> values = components("", config);
        requireToComeBack(config, values);
        return values;
    }

    private static Map<String, Object> components(String path, Record config) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (RecordComponent component : config.getClass().getRecordComponents()) {
            String name = path + component.getName();
            values.put(component.getName(), checked(name, valueOf(component, config, name)));
        }
        return Collections.unmodifiableMap(values);
    }

    private static @Nullable Object valueOf(RecordComponent component, Record config, String name) {
        try {
            return RecordReader.valueOf(component, config);
        } catch (RuntimeException e) {
            throw new ConfigurationException(
                    "Hyperparameter '" + name + "' of " + config.getClass().getName() + " cannot be read: " + e, e);
        }
    }

    /** What a checkpoint would give back is tried at once, not when it is too late. */
    private static void requireToComeBack(Record config, Map<String, Object> values) {
        Record again;
        try {
            again = read(config.getClass(), Json.parse(Json.write(plain(values))), "a checkpoint");
        } catch (CheckpointException | IOException e) {
            throw new ConfigurationException(
                    "The hyperparameters could not be read back from a checkpoint. " + e.getMessage()
                            + " Declare the component as " + KINDS + ".",
                    e);
        }
        for (RecordComponent component : config.getClass().getRecordComponents()) {
            String name = component.getName();
            Object now = valueOf(component, config, name);
            Object then = valueOf(component, again, name);
            if (!Objects.equals(now, then)) {
                throw new ConfigurationException(
                        "Hyperparameter '" + name + "' is " + now + ", but would come back from a" + " checkpoint as "
                                + then + ", which is not equal. Declare the component with its own type.");
            }
        }
    }

    /**
     * The entries of a map, with the same conversions.
     *
     * @param config by name: null, numbers, booleans, strings, enums, paths, durations, lists, maps and records
     * @return name and value, in the map's order
     * @throws ConfigurationException naming the hyperparameter that is of no such type
     */
    public static Map<String, Object> of(Map<String, ?> config) {
        return entries("", config);
    }

    private static Map<String, Object> entries(String path, Map<?, ?> config) {
        Map<String, Object> values = new LinkedHashMap<>();
        config.forEach((key, value) -> {
            String name = key(path, key);
            if (values.containsKey(name)) {
                throw new ConfigurationException("Hyperparameter '" + path + name + "' is there twice.");
            }
            values.put(name, checked(path + name, value));
        });
        return Collections.unmodifiableMap(values);
    }

    private static String key(String path, @Nullable Object key) {
        if (key instanceof Enum<?> constant) {
            return constant.name();
        }
        if (key instanceof String name) {
            return Require.name(name, "the name of a hyperparameter");
        }
        throw new ConfigurationException(
                "Hyperparameter '" + path + key + "': keys must be strings or enum constants, but " + key + " is "
                        + (key == null ? "null" : "a " + key.getClass().getName()) + ".");
    }

    private static @Nullable Object checked(String name, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof Optional<?> optional) {
            return checked(name, optional.orElse(null));
        }
        if (value instanceof String text) {
            return Require.name(text, "hyperparameter '" + name + "'");
        }
        if (value instanceof Boolean || value instanceof Number number && isKept(number)) {
            return value;
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof Record nested) {
            return components(name + "/", nested);
        }
        if (value instanceof Map<?, ?> nested) {
            return entries(name + "/", nested);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(item -> checkedItem(name, item)).toList();
        }
        if (TextForm.isOf(value.getClass())) {
            return Require.name(value.toString(), "hyperparameter '" + name + "'");
        }
        throw refused(name, value);
    }

    private static Object checkedItem(String name, @Nullable Object item) {
        Object checked = checked(name, item);
        if (checked == null) {
            throw refused(name, null);
        }
        return checked;
    }

    private static ConfigurationException refused(String name, @Nullable Object value) {
        return new ConfigurationException("Hyperparameter '" + name + "' is "
                + (value == null ? "null" : "a " + value.getClass().getName()) + "; use " + KINDS + ".");
    }

    private static boolean isKept(Number number) {
        return isWhole(number) || number instanceof Float || number instanceof Double;
    }

    private static boolean isWhole(Number value) {
        return value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte;
    }

    /**
     * What JSON gives back as it was: whole numbers as {@link Long}, others as {@link Double}, booleans, strings, null, lists,
     * and maps sorted by name.
     *
     * @param hyperparameters name and value
     * @return the same values in those types
     */
    public static Map<String, Object> plain(Map<?, ?> hyperparameters) {
        Map<String, Object> plain = new TreeMap<>();
        hyperparameters.forEach((name, value) -> plain.put(String.valueOf(name), plainValue(value)));
        return plain;
    }

    private static @Nullable Object plainValue(@Nullable Object value) {
        if (value == null || value == JsonNull.INSTANCE) {
            return null;
        }
        if (value instanceof Boolean || value instanceof String) {
            return value;
        }
        if (value instanceof Number number) {
            return isWhole(number) ? (Object) number.longValue() : (Object) number.doubleValue();
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
        return new RecordReader(new SavedRecord(source)).read(config, plain(plain));
    }
}
