package io.github.lightning4j;

import io.github.lightning4j.internal.io.Json;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes a record from saved hyperparameters. The caller's record alone says what is read and made; nothing in the file can
 * choose a class.
 */
final class RecordMaker {
    private final String source;

    RecordMaker(String source) {
        this.source = source;
    }

    <R extends Record> R make(Class<R> type, Map<String, Object> values) {
        return type.cast(record(type, values, ""));
    }

    private Object record(Class<?> type, Map<?, ?> values, String path) {
        RecordComponent[] components = type.getRecordComponents();
        TreeSet<String> unknown = new TreeSet<>();
        values.keySet().forEach(key -> unknown.add((String) key));
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            Object value = values.get(name);
            if (value == null) {
                throw new CheckpointException("Hyperparameter '" + path + name + "' of " + type.getName()
                        + " is not in " + source + ", which holds " + new TreeSet<>(values.keySet()) + ".");
            }
            unknown.remove(name);
            arguments[i] = convert(components[i].getGenericType(), value, path + name);
        }
        if (!unknown.isEmpty()) {
            throw new CheckpointException(
                    source + " holds hyperparameters that " + type.getName() + " does not have: " + unknown + ".");
        }
        return construct(type, components, arguments);
    }

    private Object construct(Class<?> type, RecordComponent[] components, Object[] arguments) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw new CheckpointException(
                    type.getName() + " refuses the hyperparameters in " + source + ": " + e.getCause(), e);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new CheckpointException("Cannot make a " + type.getName() + ": " + e, e);
        }
    }

    private Object convert(Type type, Object value, String path) {
        if (type instanceof ParameterizedType generic) {
            return collection(generic, value, path);
        }
        if (type instanceof Class<?> plain) {
            Object converted = scalar(plain, value);
            if (converted != null) {
                return converted;
            }
            if (plain.isRecord() && value instanceof Map<?, ?> map) {
                return record(plain, map, path + "/");
            }
        }
        throw wrong(type, value, path);
    }

    private Object collection(ParameterizedType type, Object value, String path) {
        if (type.getRawType() == List.class && value instanceof List<?> list) {
            List<Object> items = new ArrayList<>();
            for (Object item : list) {
                items.add(convert(type.getActualTypeArguments()[0], item, path + "/" + items.size()));
            }
            return List.copyOf(items);
        }
        if (type.getRawType() == Map.class && value instanceof Map<?, ?> map) {
            Map<Object, Object> items = new LinkedHashMap<>();
            map.forEach(
                    (key, item) -> items.put(key, convert(type.getActualTypeArguments()[1], item, path + "/" + key)));
            return items;
        }
        throw wrong(type, value, path);
    }

    private static @Nullable Object scalar(Class<?> type, Object value) {
        if (value instanceof Long number) {
            return whole(type, number);
        }
        Double floating = Json.toDouble(value);
        if (floating != null && (type == double.class || type == Double.class)) {
            return floating;
        }
        if (floating != null && (type == float.class || type == Float.class)) {
            return floating.floatValue();
        }
        if (value instanceof String text && type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> ((Enum<?>) constant).name().equals(text))
                    .findFirst()
                    .orElse(null);
        }
        boolean truth = value instanceof Boolean && type == boolean.class;
        return truth || type.isInstance(value) ? value : null;
    }

    private static @Nullable Object whole(Class<?> type, long number) {
        if (type == long.class || type == Long.class || type == Object.class || type == Number.class) {
            return number;
        }
        if ((type == int.class || type == Integer.class) && number == (int) number) {
            return (int) number;
        }
        if ((type == short.class || type == Short.class) && number == (short) number) {
            return (short) number;
        }
        if ((type == byte.class || type == Byte.class) && number == (byte) number) {
            return (byte) number;
        }
        return null;
    }

    private CheckpointException wrong(Type type, Object value, String path) {
        return new CheckpointException("Hyperparameter '" + path + "' is " + value + " in " + source + ", which is no "
                + type.getTypeName() + ".");
    }
}
