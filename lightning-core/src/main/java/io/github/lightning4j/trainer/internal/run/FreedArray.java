package io.github.lightning4j.trainer.internal.run;

import io.github.lightning4j.LightningException;
import java.util.Set;

/** Says what DJL leaves open about an array whose native memory is gone: that its scope has ended, and what to do. */
final class FreedArray {
    private static final Set<String> DJLS_WORDS =
            Set.of("Native resource has been released already.", "NDManager has been closed already.");

    private static final String OURS = "An array was used after its native memory was freed";

    private FreedArray() {}

    /** The failure itself, or one that explains it if a freed array caused it. */
    static Throwable explain(Throwable failure) {
        if (String.valueOf(failure.getMessage()).startsWith(OURS)) {
            return failure;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalStateException && DJLS_WORDS.contains(String.valueOf(cause.getMessage()))) {
                return new LightningException(
                        OURS + ": what is made in a step or hook lives until that"
                                + " ends. Hold on to it with keep(array), in a callback with run.keep(array), or register it"
                                + " with buffer(name, array); an array that was closed on purpose cannot be used again.",
                        failure);
            }
        }
        return failure;
    }
}
