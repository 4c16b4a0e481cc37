package io.github.lightning4j.examples;

import io.github.lightning4j.DataException;
import io.github.lightning4j.Require;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A text in three parts, in its order: eight tenths to learn from, and a tenth each to choose and to judge by. */
record TextSource(String train, String val, String test) {
    private static final int LEAST = 2_000;

    /** The text of a file, or without one the bundled excerpt of the Jargon File. */
    static TextSource of(@Nullable Path file) throws IOException {
        String text = file == null ? jargonFile() : read(file);
        int val = text.length() / 10 * 8;
        int test = text.length() / 10 * 9;
        return new TextSource(text.substring(0, val), text.substring(val, test), text.substring(test));
    }

    String whole() {
        return train + val + test;
    }

    /** The last two characters, after which something new begins; those of the Jargon File end an entry. */
    String end() {
        return test.substring(test.length() - 2);
    }

    private static String jargonFile() throws IOException {
        String name = "jargon/jargon.txt.gz";
        try (InputStream gzip = Objects.requireNonNull(TextSource.class.getResourceAsStream(name), name);
                InputStream text = new GZIPInputStream(gzip)) {
            return new String(text.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static String read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new DataException("--text " + file + " is no file. Name a text file, or leave it out.");
        }
        try {
            String text = Files.readString(file);
            Require.that(
                    text.length() >= LEAST,
                    "--text " + file,
                    text.length() + " characters long",
                    LEAST + " or more",
                    "");
            return text;
        } catch (CharacterCodingException e) {
            throw new DataException("--text " + file + " is no text in UTF-8.", e);
        }
    }
}
