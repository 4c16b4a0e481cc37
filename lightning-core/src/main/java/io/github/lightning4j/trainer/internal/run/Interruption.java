package io.github.lightning4j.trainer.internal.run;

import org.jspecify.annotations.Nullable;

/** A request from outside, from any thread, to finish the batch, save and return. It is no part of the training's state. */
public final class Interruption {
    private volatile @Nullable String reason;

    /** Asks for it. */
    public void request(String why) {
        reason = why;
    }

    /** Why it was asked for, or null if it was not. */
    public @Nullable String reason() {
        return reason;
    }
}
