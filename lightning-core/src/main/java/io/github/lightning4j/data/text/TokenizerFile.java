package io.github.lightning4j.data.text;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.internal.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** What a {@code tokenizer.json} says of lengths and padding. */
record TokenizerFile(Path path, Map<String, Object> fields) {
    private static final Set<Object> PADDING = Set.of("[PAD]", "<pad>", "<|padding|>");

    static TokenizerFile read(Path path) {
        try {
            return new TokenizerFile(path, Json.parse(Files.readString(path)));
        } catch (IOException e) {
            throw new ConfigurationException(
                    Files.exists(path)
                            ? path + " is no tokenizer.json of Hugging Face: " + e + "."
                            : "There is no file " + path + "; Hugging Face has it beside the weights of a model.",
                    e);
        }
    }

    int maxLength() {
        return number("truncation", "max_length")
                .orElseThrow(() -> new ConfigurationException(path
                        + " says no maximum length. Give one, at most the positions the encoder knows:"
                        + " TextTokenizer.read(file, 512)."));
    }

    /** What the file pads with, or else a token of a usual name, or else 0. */
    int padId() {
        OptionalInt said = number("padding", "pad_id");
        return said.orElseGet(() -> fields.get("added_tokens") instanceof List<?> tokens ? named(tokens) : 0);
    }

    private static int named(List<?> tokens) {
        for (Object token : tokens) {
            if (token instanceof Map<?, ?> each
                    && PADDING.contains(String.valueOf(each.get("content")))
                    && each.get("id") instanceof Long id) {
                return id.intValue();
            }
        }
        return 0;
    }

    private OptionalInt number(String section, String name) {
        return fields.get(section) instanceof Map<?, ?> map && map.get(name) instanceof Long number
                ? OptionalInt.of(Math.toIntExact(number))
                : OptionalInt.empty();
    }
}
