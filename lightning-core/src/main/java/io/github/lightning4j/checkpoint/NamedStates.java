package io.github.lightning4j.checkpoint;

import io.github.lightning4j.Stateful;
import io.github.lightning4j.checkpoint.internal.KeyPath;
import io.github.lightning4j.internal.name.FreeName;
import io.github.lightning4j.internal.name.KeyName;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Things of one kind in a checkpoint, such as a run's callbacks, loggers or metrics, each under a key of its own: its
 * name, and from the second of that name on a number, by position. They may come and go between the starts of a run;
 * which ones did is logged.
 *
 * @param <T> the kind
 */
public final class NamedStates<T extends Stateful> {
    private static final Logger LOG = LoggerFactory.getLogger(NamedStates.class);

    private final String kind;
    private final String place;
    private final Map<String, T> parts;

    private NamedStates(String kind, String place, Map<String, T> parts) {
        this.kind = kind;
        this.place = place;
        this.parts = parts;
    }

    /**
     * Things whose names may be equal.
     *
     * @param kind what they are, for messages
     * @param place the key that theirs lie under
     * @param parts the things
     * @param name the name of one
     * @param <T> the kind
     * @return their states
     */
    public static <T extends Stateful> NamedStates<T> of(
            String kind, String place, List<? extends T> parts, Function<? super T, String> name) {
        Map<String, T> byName = new LinkedHashMap<>();
        Set<String> taken = new HashSet<>();
        for (T part : parts) {
            byName.put(FreeName.take(name.apply(part), taken), part);
        }
        return new NamedStates<>(kind, place, byName);
    }

    /**
     * Things that have different names.
     *
     * @param kind what they are, for messages
     * @param place the key that theirs lie under
     * @param parts the things by name
     * @param <T> the kind
     * @return their states
     */
    public static <T extends Stateful> NamedStates<T> of(String kind, String place, Map<String, ? extends T> parts) {
        return new NamedStates<>(kind, place, new LinkedHashMap<>(parts));
    }

    /**
     * Saves the states.
     *
     * @param root what the place lies in
     * @param saver saves one
     */
    public void save(StateTreeWriter root, BiConsumer<? super T, StateTreeWriter> saver) {
        parts.forEach((name, part) -> saver.accept(part, root.child(place).child(KeyName.of(name))));
    }

    /**
     * Loads the states that are there.
     *
     * @param root what the place lies in
     * @param loader loads one
     */
    public void load(StateTreeReader root, BiConsumer<? super T, StateTreeReader> loader) {
        if (!root.has(place)) {
            parts.keySet().forEach(this::sayNew);
            return;
        }
        StateTreeReader saved = root.child(place);
        Set<String> unknown = new TreeSet<>(saved.keys());
        parts.forEach((name, part) -> {
            String key = find(saved, name);
            if (key == null) {
                sayNew(name);
            } else {
                unknown.remove(KeyPath.parts(key).get(0));
                loader.accept(part, saved.child(key));
            }
        });
        for (String key : unknown) {
            LOG.warn(
                    "The checkpoint holds the state of {} {}, which this run does not have",
                    kind,
                    KeyName.original(key));
            saved.child(key).skip();
        }
    }

    /**
     * Looks at the states that are there, without loading them.
     *
     * @param root what the place lies in
     * @param test looks at one
     * @return whether it holds for one of them
     */
    public boolean any(StateTreeReader root, BiPredicate<? super T, StateTreeReader> test) {
        if (!root.has(place)) {
            return false;
        }
        StateTreeReader saved = root.child(place);
        return parts.entrySet().stream().anyMatch(part -> {
            String key = find(saved, part.getKey());
            return key != null && test.test(part.getValue(), saved.child(key));
        });
    }

    private void sayNew(String name) {
        LOG.info("The {} {} is new in this run: it starts without saved state", kind, name);
    }

    private static @Nullable String find(StateTreeReader saved, String name) {
        String key = KeyName.of(name);
        if (saved.has(key)) {
            return key;
        }
        return isPath(saved, name) ? name : null;
    }

    /** Earlier versions took a name with '/' for a path. */
    private static boolean isPath(StateTreeReader saved, String name) {
        StateTreeReader node = saved;
        String[] steps = name.split("/", -1);
        for (String step : steps) {
            if (steps.length == 1 || step.isEmpty() || !node.has(step)) {
                return false;
            }
            node = node.child(step);
        }
        return true;
    }
}
