package io.github.lightning4j.checkpoint;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * JSON that gives back exactly what went in. Objects are sorted maps, arrays lists; a whole number is a {@link Long}, one
 * with a point or an exponent a {@link Double}; doubles that JSON lacks are strings, see {@link #nonFinite}; null is
 * {@link JsonNull#INSTANCE}.
 */
final class Json {
    private static final Pattern NAN_BITS = Pattern.compile("NaN:([0-9a-f]{16})");

    private Json() {}

    static String write(Map<String, Object> object) {
        StringWriter text = new StringWriter();
        try (JsonWriter writer = new JsonWriter(text)) {
            writer.setStrictness(Strictness.STRICT);
            writer.setHtmlSafe(false);
            write(writer, object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonWriter writer, Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            writer.beginObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                writer.name((String) entry.getKey());
                write(writer, entry.getValue());
            }
            writer.endObject();
        } else if (value instanceof List<?> list) {
            writer.beginArray();
            for (Object element : list) {
                write(writer, element);
            }
            writer.endArray();
        } else if (value instanceof Double number) {
            if (Double.isFinite(number)) {
                writer.jsonValue(Double.toString(number));
            } else {
                writer.value(nonFinite(number));
            }
        } else if (value instanceof Long number) {
            writer.value(number.longValue());
        } else if (value instanceof Boolean truth) {
            writer.value(truth.booleanValue());
        } else if (value instanceof String text) {
            writer.value(text);
        } else {
            writer.nullValue();
        }
    }

    /** {@code Infinity}, {@code -Infinity}, {@code NaN}, or {@code NaN:<bits>} for a NaN other than Java's own. */
    private static String nonFinite(double number) {
        long bits = Double.doubleToRawLongBits(number);
        boolean ordinary = !Double.isNaN(number) || bits == Double.doubleToRawLongBits(Double.NaN);
        return ordinary ? Double.toString(number) : "NaN:" + HexFormat.of().toHexDigits(bits);
    }

    /** The double a JSON value stands for; null if it is not one. */
    static @Nullable Double toDouble(Object value) {
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
    static Map<String, Object> parse(String text) throws IOException {
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
