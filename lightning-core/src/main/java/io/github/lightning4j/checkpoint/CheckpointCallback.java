package io.github.lightning4j.checkpoint;

import io.github.lightning4j.Callback;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A callback that saves checkpoints with {@link io.github.lightning4j.Run#saveCheckpoint} and knows which of them is best.
 * The Trainer calls it after all other callbacks, in fits alone and never in trial runs, adds no {@link ModelCheckpoint}
 * beside it, reports its best checkpoint in the fit's result, and saves which it is with its state, for {@link CkptPath#best()}.
 */
public interface CheckpointCallback extends Callback {
    /**
     * The folder it was told to save to.
     *
     * @return the folder; null, the default, for the run directory's {@code checkpoints}
     */
    default @Nullable Path dirpath() {
        return null;
    }

    /**
     * The metric by which checkpoints are judged.
     *
     * @return the name it is logged under; null, the default, if the newest is the best
     */
    default @Nullable String monitor() {
        return null;
    }

    /**
     * The best checkpoint, or without a monitored metric the newest that was kept.
     *
     * @return its file, or null if none was kept
     */
    @Nullable
    Path bestModelPath();

    /**
     * The monitored metric's value at the best checkpoint. One that was found by a metric goes before one that is only the
     * newest.
     *
     * @return the value; NaN, the default, if there is none
     */
    default double bestModelScore() {
        return Double.NaN;
    }
}
