package io.github.lightning4j.trainer.internal.run;

import io.github.lightning4j.LightningException;
import org.jspecify.annotations.Nullable;

/** Failures of things that are all to be done: the first is thrown in the end, later ones are suppressed onto it. */
public final class Failures {
    private @Nullable Throwable first;

    /** Something that may fail in any way. */
    @FunctionalInterface
    public interface Action {
        /**
         * Does it.
         *
         * @throws Exception if it fails
         */
        void run() throws Exception;
    }

    /** Does something and keeps its failure. */
    public void attempt(Action action) {
        try {
            action.run();
        } catch (Throwable failure) {
            add(failure);
        }
    }

    void add(Throwable failure) {
        if (first == null) {
            first = failure;
        } else if (failure != first) {
            first.addSuppressed(failure);
        }
    }

    @Nullable
    Throwable first() {
        return first;
    }

    /** Throws the first failure, if there was one. */
    public void throwFirst() {
        if (first != null) {
            throw unchecked(first, "The end of the run failed");
        }
    }

    /** Makes a failure unchecked; errors are thrown at once. */
    public static RuntimeException unchecked(Throwable failure, String what) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException runtime
                ? runtime
                : new LightningException(what + ": " + failure.getMessage(), failure);
    }
}
