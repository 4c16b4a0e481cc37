package io.github.lightning4j.trainer.internal.run;

import io.github.lightning4j.LightningException;
import io.github.lightning4j.Stage;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request from outside, from any thread, to finish the batch, save and return. It is no part of the training's state. An
 * interrupt of the run's thread is such a request; it is taken off the thread, so that the run can be saved, and passed on
 * when the run has ended.
 */
public final class Interruption {
    private volatile @Nullable String reason;
    private boolean ofThread;

    /** Asks for it. */
    public void request(String why) {
        reason = why;
    }

    /** The run's thread was interrupted. */
    public void threadInterrupted() {
        ofThread = true;
        request("the thread was interrupted");
    }

    /** Why it was asked for, or null if it was not. To be called on the run's thread. */
    public @Nullable String reason() {
        if (reason == null && Thread.interrupted()) {
            threadInterrupted();
        }
        return reason;
    }

    /** Ends a run that has nothing to save. */
    public void throwIfRequested(Stage stage) {
        String why = reason();
        if (why != null) {
            throw new LightningException(stage.name().toLowerCase(Locale.ROOT) + " ended before its last batch: " + why
                    + ". Call it again for a result.");
        }
    }

    /** Interrupts the thread again if it was interrupted, as its owner expects. */
    public void passOn() {
        if (ofThread) {
            Thread.currentThread().interrupt();
        }
    }
}
