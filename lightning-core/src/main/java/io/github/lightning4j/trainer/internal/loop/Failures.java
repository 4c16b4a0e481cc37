package io.github.lightning4j.trainer.internal.loop;

import io.github.lightning4j.LightningException;
import java.util.function.Supplier;

/** Cleaning up after an exception without losing it. */
public final class Failures {
    private Failures() {}

    /** Something that may fail in any way. */
    public interface Action {
        /**
         * Does it.
         *
         * @throws Exception if it fails
         */
        void run() throws Exception;
    }

    /**
     * Runs what must still be done; what fails there is attached to the first failure.
     *
     * @param failure the first failure
     * @param actions what must still be done
     * @return the first failure, unchecked, to be thrown
     */
    public static RuntimeException afterwards(Throwable failure, Action... actions) {
        for (Action action : actions) {
            try {
                action.run();
            } catch (Throwable another) {
                if (another != failure) {
                    failure.addSuppressed(another);
                }
            }
        }
        return unchecked(failure, "The run failed");
    }

    /**
     * Runs all actions, even if some fail, and throws the first failure.
     *
     * @param actions the actions
     */
    public static void runAll(Action... actions) {
        Throwable first = null;
        for (Action action : actions) {
            try {
                action.run();
            } catch (Throwable failure) {
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        if (first != null) {
            throw unchecked(first, "The end of the run failed");
        }
    }

    /**
     * Runs something and then, once and whatever came of it, what ends it.
     *
     * @param body what to run
     * @param end what ends it; if it fails as well, its failure is attached to the first
     * @param <T> the type of the result
     * @return the body's result
     */
    public static <T> T ended(Supplier<T> body, Action end) {
        T result;
        try {
            result = body.get();
        } catch (Throwable failure) {
            throw afterwards(failure, end);
        }
        runAll(end);
        return result;
    }

    /**
     * Makes a failure unchecked; errors are thrown at once.
     *
     * @param failure the failure
     * @param what what failed, for the message of a wrapped checked exception
     * @return the failure itself, or a wrapper around a checked one
     */
    public static RuntimeException unchecked(Throwable failure, String what) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException runtime
                ? runtime
                : new LightningException(what + ": " + failure.getMessage(), failure);
    }
}
