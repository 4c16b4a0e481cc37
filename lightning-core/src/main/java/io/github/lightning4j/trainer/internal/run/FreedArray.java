package io.github.lightning4j.trainer.internal.run;

import io.github.lightning4j.DataException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.internal.torch.FreedMemory;

/** Says what DJL leaves open about an array whose native memory is gone: that its scope has ended, and what to do. */
final class FreedArray {
    private static final String OURS = "An array was used after its native memory was freed";

    private FreedArray() {}

    /** The failure itself, or one that explains it if a freed array caused it; data says itself whose array it was. */
    static Throwable explain(Throwable failure) {
        boolean explained = failure instanceof DataException
                || String.valueOf(failure.getMessage()).startsWith(OURS);
        if (explained || !FreedMemory.caused(failure)) {
            return failure;
        }
        return new LightningException(
                OURS + ": what is made in a step or hook lives until that"
                        + " ends. Hold on to it with keep(array), in a callback with run.keep(array), or register it"
                        + " with buffer(name, array); an array that was closed on purpose cannot be used again.",
                failure);
    }
}
