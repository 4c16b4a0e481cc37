package io.github.lightning4j.internal.torch;

import java.util.Set;

/** How DJL's failures over native memory that is gone are recognised. */
public final class FreedMemory {
    private static final Set<String> DJLS_WORDS =
            Set.of("Native resource has been released already.", "NDManager has been closed already.");

    private FreedMemory() {}

    /** Whether a failure, or what caused it, is the use of an array or manager that was closed. */
    public static boolean caused(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalStateException && DJLS_WORDS.contains(String.valueOf(cause.getMessage()))) {
                return true;
            }
        }
        return false;
    }
}
