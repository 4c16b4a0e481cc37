package io.github.lightning4j.internal.name;

/** The short name of a class, for messages and keys; also where Java has none, and the same in every start of a program. */
public final class ClassName {
    private static final String LAMBDA = "$$Lambda";

    private ClassName() {}

    public static String of(Object object) {
        return of(object.getClass());
    }

    /** {@code Net}; {@code Main$1} for an anonymous class, {@code Main$$Lambda} for a lambda. */
    public static String of(Class<?> type) {
        String simple = type.getSimpleName();
        if (!simple.isEmpty() && !type.isHidden()) {
            return simple;
        }
        String full = type.getName();
        String name = full.substring(full.lastIndexOf('.') + 1);
        int lambda = name.indexOf(LAMBDA);
        if (lambda >= 0) {
            return name.substring(0, lambda + LAMBDA.length());
        }
        int address = name.indexOf('/');
        return address < 0 ? name : name.substring(0, address);
    }
}
