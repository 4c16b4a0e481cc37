package io.github.lightning4j.internal.io;

import com.google.gson.FormattingStyle;
import com.google.gson.JsonNull;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * JSON that gives back exactly what went in. Objects are sorted maps, arrays lists; a whole number is a {@link Long}, one
 * with a point or an exponent a {@link Double}; doubles that JSON lacks are strings, see {@link #nonFinite}; null is
 * {@link JsonNull#INSTANCE}.
 */
public final class Json {
    private static final Pattern NAN_BITS = Pattern.compile("NaN:([0-9a-f]{16})");

    private final JsonWriter writer;
    private final Function<Number, String> nonFinite;

    private Json(JsonWriter writer, Function<Number, String> nonFinite) {
        this.writer = writer;
        this.nonFinite = nonFinite;
    }

    /** On one line, and so that {@link #parse} gives back the same bits. */
    public static String write(Map<String, ?> object) {
        return text(object, FormattingStyle.COMPACT, Json::nonFinite);
    }

    /** Indented, for people to read: a NaN is {@code "NaN"}, whatever its bits. */
    public static String pretty(Map<String, ?> object) {
        return text(object, FormattingStyle.PRETTY, Object::toString);
    }

    private static String text(Map<String, ?> object, FormattingStyle style, Function<Number, String> nonFinite) {
        StringWriter text = new StringWriter();
        try (JsonWriter writer = new JsonWriter(text)) {
            writer.setStrictness(Strictness.STRICT);
            writer.setHtmlSafe(false);
            writer.setFormattingStyle(style);
            new Json(writer, nonFinite).add(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private void add(@Nullable Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            writer.beginObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                writer.name(String.valueOf(entry.getKey()));
                add(entry.getValue());
            }
            writer.endObject();
        } else if (value instanceof List<?> list) {
            writer.beginArray();
            for (Object element : list) {
                add(element);
            }
            writer.endArray();
        } else if (value instanceof Number number) {
            add(number);
        } else if (value instanceof Boolean truth) {
            writer.value(truth.booleanValue());
        } else if (value == null || value == JsonNull.INSTANCE) {
            writer.nullValue();
        } else {
            writer.value(value.toString());
        }
    }

    private void add(Number number) throws IOException {
        if (Double.isFinite(number.doubleValue())) {
            writer.jsonValue(number.toString());
        } else {
            writer.value(nonFinite.apply(number));
        }
    }

    /** {@code Infinity}, {@code -Infinity}, {@code NaN}, or {@code NaN:<bits>} for a NaN other than Java's own. */
    private static String nonFinite(Number value) {
        double number = value.doubleValue();
        long bits = Double.doubleToRawLongBits(number);
        boolean ordinary = !Double.isNaN(number) || bits == Double.doubleToRawLongBits(Double.NaN);
        return ordinary ? Double.toString(number) : "NaN:" + HexFormat.of().toHexDigits(bits);
    }

    /** The double a JSON value stands for; null if it is not one. */
    public static @Nullable Double toDouble(Object value) {
        if (value instanceof Double number) {
            return number;
        }
        if (!(value instanceof String text)) {
            return null;
        }
        Matcher bits = NAN_BITS.matcher(text);
        if (bits.matches()) {
            return Double.longBitsToDouble(Long.parseUnsignedLong(bits.group(1), 16));
        }
        return switch (text) {
            case "NaN", "Infinity", "-Infinity" -> Double.valueOf(text);
            default -> null;
        };
    }

    /**
     * Reads an object. A name that occurs twice, anything after the object and every other deviation from the standard is
     * refused.
     */
    public static Map<String, Object> parse(String text) throws IOException {
        try (JsonReader reader = new JsonReader(new StringReader(text))) {
            reader.setStrictness(Strictness.STRICT);
            Map<String, Object> object = parseObject(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new MalformedJsonException("there is more after the end of the object");
            }
            return object;
        } catch (IllegalStateException | NumberFormatException e) {
            throw new MalformedJsonException(e.getMessage(), e);
        }
    }

    private static Map<String, Object> parseObject(JsonReader reader) throws IOException {
        Map<String, Object> object = new TreeMap<>();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (object.put(name, parseValue(reader)) != null) {
                throw new MalformedJsonException("the name '" + name + "' occurs twice");
            }
        }
        reader.endObject();
        return object;
    }

    private static Object parseValue(JsonReader reader) throws IOException {
        switch (reader.peek()) {
            case BEGIN_OBJECT:
                return parseObject(reader);
            case BEGIN_ARRAY:
                List<Object> array = new ArrayList<>();
                reader.beginArray();
                while (reader.hasNext()) {
                    array.add(parseValue(reader));
                }
                reader.endArray();
                return array;
            case NUMBER:
                return number(reader.nextString());
            case BOOLEAN:
                return reader.nextBoolean();
            case NULL:
                reader.nextNull();
                return JsonNull.INSTANCE;
            default:
                return reader.nextString();
        }
    }

    private static Object number(String literal) {
        boolean whole = literal.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
        if (whole) {
            return Long.valueOf(literal);
        }
        return Double.valueOf(literal);
    }
}
