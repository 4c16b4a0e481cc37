package io.github.lightning4j.internal.record;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes a record from plain values: {@code Long}, {@code Double}, {@code Boolean}, {@code String}, lists, maps and null. The
 * record alone says what is read and made; no value can choose a class.
 */
public final class RecordReader {
    private final RecordRules rules;

    /** Creates a reader. */
    public RecordReader(RecordRules rules) {
        this.rules = rules;
    }

    /** Makes the record. */
    public <R extends Record> R read(Class<R> type, Map<String, ?> values) {
        return type.cast(record(type, values, "", rules.defaults(type)));
    }

    /** Converts one value to what is declared. */
    public @Nullable Object value(AnnotatedType type, @Nullable Object value, String path) {
        return convert(type, value, path, null);
    }

    private Object record(Class<?> type, Map<?, ?> values, String path, @Nullable Record defaults) {
        RecordComponent[] components = type.getRecordComponents();
        TreeSet<String> unknown = new TreeSet<>();
        values.keySet().forEach(key -> unknown.add((String) key));
        TreeSet<String> absent = new TreeSet<>();
        for (RecordComponent component : components) {
            if (!unknown.remove(component.getName())) {
                absent.add(component.getName());
            }
        }
        if (!unknown.isEmpty()) {
            throw rules.unknown(type, path, unknown, absent);
        }
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            arguments[i] = component(components[i], values, path, defaults);
        }
        return construct(type, components, arguments, path);
    }

    private @Nullable Object component(
            RecordComponent component, Map<?, ?> values, String path, @Nullable Record defaults) {
        String name = component.getName();
        if (values.containsKey(name)) {
            Object nested = defaults == null ? null : valueOf(component, defaults);
            return convert(
                    component.getAnnotatedType(),
                    values.get(name),
                    path + name,
                    nested instanceof Record record ? record : null);
        }
        return defaults != null ? valueOf(component, defaults) : absent(component, values, path + name);
    }

    private @Nullable Object absent(RecordComponent component, Map<?, ?> values, String path) {
        Class<?> type = component.getType();
        if (rules.mayBeLeftOut()) {
            if (type == Optional.class) {
                return Optional.empty();
            }
            if (rules.mayBeNull(component.getAnnotatedType())) {
                return null;
            }
            if (type.isRecord()) {
                return record(type, Map.of(), path + rules.separator(), rules.defaults(type));
            }
        }
        throw rules.missing(component.getDeclaringRecord(), path, values.keySet());
    }

    /** The value of a component, whoever may see the record. */
    public static @Nullable Object valueOf(RecordComponent component, Record record) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read: " + e, e);
        }
    }

    private Object construct(Class<?> type, RecordComponent[] components, Object[] arguments, String path) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw rules.refused(type, path, Objects.requireNonNullElse(e.getCause(), e));
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw rules.refused(type, path, e);
        }
    }

    private @Nullable Object convert(
            AnnotatedType type, @Nullable Object value, String path, @Nullable Record defaults) {
        Class<?> raw = raw(type.getType());
        if (raw == Optional.class) {
            return Optional.ofNullable(value == null ? null : convert(argument(type, 0, path), value, path, null));
        }
        if (value == null) {
            if (raw.isPrimitive() || !rules.mayBeNull(type)) {
                throw rules.wrong(path, null, type, "");
            }
            return null;
        }
        if (type.getType() instanceof Class<?>) {
            return plain(type, raw, value, path, defaults);
        }
        if (raw == List.class && value instanceof List<?> list) {
            return list(argument(type, 0, path), list, path);
        }
        if (raw == Map.class && value instanceof Map<?, ?> map) {
            return map(type, map, path);
        }
        throw rules.wrong(path, value, type, "");
    }

    private static Class<?> raw(Type type) {
        if (type instanceof ParameterizedType generic) {
            return (Class<?>) generic.getRawType();
        }
        return type instanceof Class<?> plain ? plain : Void.class;
    }

    private AnnotatedType argument(AnnotatedType type, int index, String path) {
        if (type instanceof AnnotatedParameterizedType generic) {
            return generic.getAnnotatedActualTypeArguments()[index];
        }
        throw rules.wrong(path, type.getType().getTypeName(), type, "it is declared without type arguments");
    }

    private Object plain(AnnotatedType type, Class<?> raw, Object value, String path, @Nullable Record defaults) {
        if (raw.isRecord() && value instanceof Map<?, ?> map) {
            Record base = defaults == null ? rules.defaults(raw) : defaults;
            return record(raw, map, path + rules.separator(), base);
        }
        Object converted;
        try {
            converted = Scalars.convert(raw, value);
        } catch (IllegalArgumentException e) {
            throw rules.wrong(path, value, type, String.valueOf(e.getMessage()));
        }
        if (converted == null) {
            throw rules.wrong(path, value, type, "");
        }
        return converted;
    }

    private List<Object> list(AnnotatedType element, List<?> list, String path) {
        List<Object> items = new ArrayList<>();
        for (Object item : list) {
            items.add(convert(element, item, path + rules.separator() + items.size(), null));
        }
        return Collections.unmodifiableList(items);
    }

    private Map<Object, Object> map(AnnotatedType type, Map<?, ?> map, String path) {
        AnnotatedType keys = argument(type, 0, path);
        AnnotatedType values = argument(type, 1, path);
        Map<Object, Object> items = new LinkedHashMap<>();
        map.forEach((key, item) -> {
            String place = path + rules.separator() + key;
            items.put(key(keys, (String) key, place), convert(values, item, place, null));
        });
        return Collections.unmodifiableMap(items);
    }

    private Object key(AnnotatedType type, String key, String path) {
        Class<?> raw = raw(type.getType());
        if (raw == Object.class || raw == String.class) {
            return key;
        }
        Object constant = raw.isEnum() ? Scalars.convert(raw, key) : null;
        if (constant == null) {
            throw rules.wrong(path, key, type, "it is the key of a map");
        }
        return constant;
    }
}
