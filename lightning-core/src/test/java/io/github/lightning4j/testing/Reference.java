package io.github.lightning4j.testing;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Figures of other libraries, kept as JSON beside the tests that compare with them. */
public final class Reference {
    private Reference() {}

    public static JsonObject load(Class<?> test, String file) {
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(test.getResourceAsStream(file), file), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static float[] floats(JsonElement array) {
        float[] values = new float[array.getAsJsonArray().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.getAsJsonArray().get(i).getAsFloat();
        }
        return values;
    }

    public static long[] longs(JsonElement array) {
        return array.getAsJsonArray().asList().stream()
                .mapToLong(element -> (long) element.getAsDouble())
                .toArray();
    }
}
