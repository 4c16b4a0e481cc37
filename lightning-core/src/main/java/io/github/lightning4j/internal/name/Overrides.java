package io.github.lightning4j.internal.name;

import java.util.Arrays;

/** Whether a user's class overrides a method that is empty, or refuses, as it comes. */
public final class Overrides {
    private Overrides() {}

    /**
     * Whether it does.
     *
     * @param base the type that declares the public method
     */
    public static boolean of(Class<?> base, Object subject, String method) {
        return Arrays.stream(subject.getClass().getMethods())
                .anyMatch(
                        each -> each.getName().equals(method) && !each.isBridge() && each.getDeclaringClass() != base);
    }
}
