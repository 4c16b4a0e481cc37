package io.github.lightning4j.config;

import io.github.lightning4j.internal.name.ClassName;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Types and values in the words of someone who writes a file. */
final class TypeText {
    private TypeText() {}

    static String ofValue(@Nullable Object value) {
        if (value instanceof String) {
            return "the text \"" + value + "\"";
        }
        if (value instanceof List<?>) {
            return "a list, " + value;
        }
        return value instanceof Map<?, ?> ? "a group, " + value : String.valueOf(value);
    }

    static String ofType(Type type) {
        if (type instanceof ParameterizedType generic) {
            return ofGeneric(generic);
        }
        return type instanceof Class<?> plain ? ofClass(plain) : type.getTypeName();
    }

    private static String ofGeneric(ParameterizedType type) {
        Type[] arguments = type.getActualTypeArguments();
        if (type.getRawType() == List.class) {
            return "a list, each item " + ofType(arguments[0]);
        }
        if (type.getRawType() == Map.class) {
            return "a group, each value " + ofType(arguments[1]);
        }
        return type.getRawType() == Optional.class ? ofType(arguments[0]) : type.getTypeName();
    }

    private static String ofClass(Class<?> type) {
        if (type.isEnum()) {
            return "one of " + Arrays.toString(type.getEnumConstants());
        }
        if (type.isRecord()) {
            return "a group of "
                    + Arrays.stream(type.getRecordComponents())
                            .map(RecordComponent::getName)
                            .toList();
        }
        if (isWhole(type)) {
            return "a whole number (" + type.getSimpleName() + ")";
        }
        if (type == double.class || type == Double.class || type == float.class || type == Float.class) {
            return "a number (" + type.getSimpleName() + ")";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == Path.class) {
            return "a path";
        }
        if (type == Duration.class) {
            return "a time as 30s, 5m or PT5M";
        }
        return type == String.class ? "a text" : "a " + ClassName.of(type);
    }

    private static boolean isWhole(Class<?> type) {
        return List.of(
                        long.class,
                        Long.class,
                        int.class,
                        Integer.class,
                        short.class,
                        Short.class,
                        byte.class,
                        Byte.class)
                .contains(type);
    }

    /** What to write instead, where that is not plain. */
    static String hint(@Nullable Object value, Type expected) {
        boolean scalar = value instanceof Number || value instanceof Boolean;
        return scalar && expected == String.class ? "; put it in quotes" : "";
    }
}
