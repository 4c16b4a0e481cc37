package io.github.lightning4j.internal.record;

import io.github.lightning4j.internal.io.Json;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One value of JSON or YAML as what is declared, if it is exactly that. */
public final class Scalars {
    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,18}");
    private static final long EXACT_IN_DOUBLE = 1L << 53;

    private Scalars() {}

    /** The whole number, number or truth value that a text stands for, else the text. */
    public static Object ofText(String text) {
        if (text.equals("true") || text.equals("false")) {
            return Boolean.valueOf(text);
        }
        try {
            return WHOLE.matcher(text).matches() ? (Object) Long.valueOf(text) : Double.valueOf(text);
        } catch (NumberFormatException e) {
            return text;
        }
    }

    /**
     * Converts a value; null if it is of another type.
     *
     * @throws IllegalArgumentException with the reason, if a text stands for nothing of a type
     */
    static @Nullable Object convert(Class<?> type, Object value) {
        if (TextForm.isOf(type) && (value instanceof String || value instanceof Number && type != Path.class)) {
            return TextForm.parse(type, value.toString());
        }
        if (value instanceof Long number) {
            return whole(type, number);
        }
        Double floating = Json.toDouble(value);
        if (floating != null && isFloating(type)) {
            return floating(type, floating);
        }
        if (value instanceof String text && type.isEnum()) {
            return constant(type, text);
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
        boolean exact = number <= EXACT_IN_DOUBLE && number >= -EXACT_IN_DOUBLE;
        return isFloating(type) && exact ? floating(type, number) : null;
    }

    private static boolean isFloating(Class<?> type) {
        return type == double.class || type == Double.class || type == float.class || type == Float.class;
    }

    private static Object floating(Class<?> type, double value) {
        if (type == float.class || type == Float.class) {
            return (float) value;
        }
        return value;
    }

    /** As it is written, else in any case and with - for _. */
    private static @Nullable Object constant(Class<?> type, String text) {
        Object exact = constant(type, text::equals);
        return exact == null ? constant(type, text.replace('-', '_')::equalsIgnoreCase) : exact;
    }

    private static @Nullable Object constant(Class<?> type, Predicate<String> named) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> named.test(((Enum<?>) constant).name()))
                .findFirst()
                .orElse(null);
    }
}
