package io.github.lightning4j.checkpoint.internal;

import io.github.lightning4j.CheckpointException;
import java.util.List;

/** The path of a key in a state: {@code optimizer/0/step}. */
public final class KeyPath {
    private KeyPath() {}

    public static String join(String path, String key) {
        return path.isEmpty() ? key : path + "/" + key;
    }

    public static List<String> parts(String key) {
        List<String> parts = List.of(key.split("/", -1));
        if (parts.contains("")) {
            throw new CheckpointException("The key '" + key + "' has an empty part.");
        }
        return parts;
    }
}
