package io.github.lightning4j.trainer.internal.option;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a fit writes.
 *
 * @param defaultRootDir where run directories are made
 * @param runName the name between root and number
 * @param runDirectory the run directory itself, or null to make the next {@code root/name/n}
 * @param autoResume whether a start goes on from the newest checkpoint of the run directory
 * @param waitForRunDirectory how long to wait for another run that writes to the same directory
 * @param enableCheckpointing whether checkpoints are saved when no callback does
 * @param backgroundCheckpoints whether they are written by a thread of their own
 */
public record Storage(
        Path defaultRootDir,
        String runName,
        @Nullable Path runDirectory,
        boolean autoResume,
        Duration waitForRunDirectory,
        boolean enableCheckpointing,
        boolean backgroundCheckpoints) {
    /** Of a fit that writes nothing. */
    public Storage ofNothing() {
        return new Storage(defaultRootDir, runName, null, false, waitForRunDirectory, false, false);
    }
}
