package io.github.lightning4j.logger;

import io.github.lightning4j.LightningException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes for a logger, as long as that works or the run is to end if it does not. */
public final class FailurePolicy {
    private static final Logger LOG = LoggerFactory.getLogger(FailurePolicy.class);

    private final OnFailure onFailure;
    private boolean failed;

    /**
     * Creates a policy.
     *
     * @param onFailure what becomes of a failure
     */
    public FailurePolicy(OnFailure onFailure) {
        this.onFailure = onFailure;
    }

    /** Something that writes. */
    public interface Action {
        /**
         * Writes.
         *
         * @throws IOException if that fails
         */
        void run() throws IOException;
    }

    /**
     * Does something, unless an earlier failure was only warned of.
     *
     * @param what what is written, for messages
     * @param action writes
     * @throws LightningException if it fails and is not only to be warned of
     */
    public void run(Object what, Action action) {
        if (failed) {
            return;
        }
        try {
            action.run();
        } catch (IOException e) {
            String message = "Cannot write " + what + ": " + e;
            if (onFailure == OnFailure.STOP) {
                throw new LightningException(message, e);
            }
            failed = true;
            LOG.warn("{}. The run goes on without it.", message);
        }
    }
}
