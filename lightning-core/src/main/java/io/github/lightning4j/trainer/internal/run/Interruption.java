package io.github.lightning4j.trainer.internal.run;

import org.jspecify.annotations.Nullable;

/** A request from outside, from any thread, to finish the batch, save and return. It is no part of the training's state. */
public final class Interruption {
    private volatile @Nullable String reason;

    /**
     * Asks for it.
     *
     * @param why in words, for the log and the result
     */
    public void request(String why) {
        reason = why;
    }

    /**
     * Whether it was asked for.
     *
     * @return why, or null
     */
    public @Nullable String reason() {
        return reason;
    }
}
