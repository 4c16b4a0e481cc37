package io.github.lightning4j.checkpoint;

import io.github.lightning4j.CheckpointException;
import java.util.List;

/** Paths of keys. */
final class Paths {
    private Paths() {}

    static String join(String path, String key) {
        return path.isEmpty() ? key : path + "/" + key;
    }

    static String first(String path) {
        int slash = path.indexOf('/');
        return slash < 0 ? path : path.substring(0, slash);
    }

    static List<String> parts(String key) {
        List<String> parts = List.of(key.split("/", -1));
        if (parts.contains("")) {
            throw new CheckpointException("The key '" + key + "' has an empty part.");
        }
        return parts;
    }
}
