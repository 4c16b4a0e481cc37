package io.github.lightning4j.trainer.internal.resume;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a run is told otherwise now than when it was saved. The new values count; they are only named. */
final class Changes {
    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);
    private static final String ABSENT = "absent";

    private Changes() {}

    /**
     * Names the values that differ.
     *
     * @param kind what they are, with a space behind it, or empty
     */
    static void report(String kind, Map<String, ?> before, Map<String, ?> now) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(now.keySet());
        for (String name : names) {
            if (!Objects.equals(before.get(name), now.get(name))) {
                LOG.info(
                        "{}{} was {} when the run was saved and is {} now; the new value is used",
                        kind,
                        name,
                        before.containsKey(name) ? before.get(name) : ABSENT,
                        now.containsKey(name) ? now.get(name) : ABSENT);
            }
        }
    }
}
