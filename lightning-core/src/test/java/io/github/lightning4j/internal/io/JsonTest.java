package io.github.lightning4j.internal.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static final double NEGATIVE_NAN = Double.longBitsToDouble(0xfff8000000000000L);

    @Test
    void write_isReadBackBitForBit() throws IOException {
        Map<String, Object> object =
                Map.of("whole", Long.MIN_VALUE, "double", 0.1, "list", List.of(-0.0, "NaN", true), "nan", NEGATIVE_NAN);

        String text = Json.write(object);

        assertThat(text).doesNotContain("\n").contains("\"nan\":\"NaN:fff8000000000000\"");
        Map<String, Object> read = Json.parse(text);
        assertThat(read).containsEntry("whole", Long.MIN_VALUE).containsEntry("list", List.of(-0.0, "NaN", true));
        assertThat(Double.doubleToRawLongBits(Json.toDouble(read.get("nan")))).isEqualTo(0xfff8000000000000L);
    }

    @Test
    void pretty_isIndentedInTheOrderGivenWithNumbersAsTheyPrint() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("html", "<b>");
        object.put("float", 0.1f);
        object.put("numbers", List.of(1, 2.0));
        object.put("none", null);
        object.put("empty", List.of());
        object.put("nested", Map.of("inf", Double.NEGATIVE_INFINITY));
        object.put("nan", NEGATIVE_NAN);

        assertThat(Json.pretty(object)).isEqualTo("""
                {
                  "html": "<b>",
                  "float": 0.1,
                  "numbers": [
                    1,
                    2.0
                  ],
                  "none": null,
                  "empty": [],
                  "nested": {
                    "inf": "-Infinity"
                  },
                  "nan": "NaN"
                }""");
    }
}
