package io.github.lightning4j.config;

import java.io.IOException;
import java.util.Map;

/** How names and values stand in a file. */
interface ConfigFormat {
    /**
     * Reads a file's text.
     *
     * @param name the file, for messages
     */
    Map<String, Object> parse(String text, String name) throws IOException;

    /** Writes a file's text. */
    String text(Map<String, Object> values);
}
