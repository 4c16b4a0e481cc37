package io.github.lightning4j.internal.record;

import java.lang.reflect.AnnotatedType;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a file may leave out, and how it is said that it does not fit. */
public interface RecordRules {
    /** What stands between the names of a path: {@code optimizer.lr}. */
    String separator();

    /** The values that components have which a file leaves out, or null if it has to give them all. */
    @Nullable
    Record defaults(Class<?> record);

    /** Whether null may stand where this type is declared. */
    boolean mayBeNull(AnnotatedType type);

    /** Whether a component may be left out that has no default and may be null. */
    boolean mayBeLeftOut();

    /** A component without a value. */
    RuntimeException missing(Class<?> record, String path, Set<?> given);

    /**
     * Values without a component.
     *
     * @param path of the record: empty, or with the separator at its end
     * @param absent components that are not there
     */
    RuntimeException unknown(Class<?> record, String path, Set<String> names, Set<String> absent);

    /**
     * A value of another type.
     *
     * @param reason more about it, or empty
     */
    RuntimeException wrong(String path, @Nullable Object value, AnnotatedType expected, String reason);

    /** A record whose constructor throws. */
    RuntimeException refused(Class<?> record, String path, Throwable cause);
}
