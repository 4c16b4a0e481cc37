package io.github.lightning4j.internal.name;

import java.util.Set;

/** Names that differ where those wanted do not: from the second of one name on they are numbered. */
public final class FreeName {
    private FreeName() {}

    /** The name, or the first of {@code name-1}, {@code name-2} and so on that is free; taken from now on. */
    public static String take(String name, Set<String> taken) {
        String free = name;
        for (int i = 1; !taken.add(free); i++) {
            free = name + "-" + i;
        }
        return free;
    }
}
