package io.github.lightning4j.examples;

import io.github.lightning4j.config.Config;
import java.util.Collection;

/** The words behind a name that does not exist. */
final class Suggestion {
    private Suggestion() {}

    static String of(String name, Collection<String> known) {
        return Config.nearest(name, known)
                .map(nearest -> " (did you mean '" + nearest + "'?)")
                .orElse("");
    }
}
