package io.github.lightning4j.internal.record;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Types whose values are one text in a file: {@link Path}, and every type with a static {@code parse} of a text that reads
 * what {@code toString} wrote, such as {@link Duration}.
 */
public final class TextForm {
    private static final Pattern SHORT_DURATION =
            Pattern.compile("(?:(\\d+)d)? ?(?:(\\d+)h)? ?(?:(\\d+)m)? ?(?:(\\d+(?:\\.\\d{1,9})?)s)?");

    private TextForm() {}

    /** Whether values of a type are texts in a file. */
    public static boolean isOf(Class<?> type) {
        return Path.class.isAssignableFrom(type) || parser(type).isPresent();
    }

    /**
     * Reads a value of such a type.
     *
     * @throws IllegalArgumentException with the reason, if the text stands for none
     */
    public static Object parse(Class<?> type, String text) {
        if (type == Path.class) {
            return path(text);
        }
        if (type == Duration.class && isShort(text)) {
            return Duration.parse(longForm(text));
        }
        return call(parser(type).orElseThrow(), text);
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static boolean isShort(String text) {
        return !text.isBlank() && SHORT_DURATION.matcher(text).matches();
    }

    /** {@code 1h 30m} is {@code PT1H30M}. */
    private static String longForm(String text) {
        Matcher parts = SHORT_DURATION.matcher(text);
        parts.matches();
        return "P" + part(parts, 1, "D") + "T" + part(parts, 2, "H") + part(parts, 3, "M")
                + (parts.group(4) == null ? "0S" : part(parts, 4, "S"));
    }

    private static String part(Matcher parts, int group, String unit) {
        return parts.group(group) == null ? "" : parts.group(group) + unit;
    }

    private static Object call(Method parser, String text) {
        try {
            parser.setAccessible(true);
            return parser.invoke(null, text);
        } catch (InvocationTargetException e) {
            Throwable refusal = Objects.requireNonNullElse(e.getCause(), e);
            throw new IllegalArgumentException(refusal.getMessage(), refusal);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalArgumentException(e.toString(), e);
        }
    }

    private static Optional<Method> parser(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals("parse")
                        && Modifier.isStatic(method.getModifiers())
                        && method.getReturnType() == type
                        && takesText(method.getParameterTypes()))
                .findFirst();
    }

    private static boolean takesText(Class<?>[] parameters) {
        return parameters.length == 1 && (parameters[0] == String.class || parameters[0] == CharSequence.class);
    }
}
