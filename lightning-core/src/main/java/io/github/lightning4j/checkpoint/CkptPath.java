package io.github.lightning4j.checkpoint;

import io.github.lightning4j.CheckpointException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which checkpoint to take: {@code CkptPath.last()} and {@code CkptPath.best()} of a run, or {@code
 * CkptPath.of(Path.of("runs/mnist/0/checkpoints/last.safetensors"))}.
 */
public final class CkptPath {
    private static final CkptPath LAST = new CkptPath("last", null);
    private static final CkptPath BEST = new CkptPath("best", null);

    private final String name;
    private final @Nullable Path file;

    private CkptPath(String name, @Nullable Path file) {
        this.name = name;
        this.file = file;
    }

    /**
     * The checkpoint of a run with the most steps that is complete and sound. A damaged one is named in a warning, and the
     * next older one is taken.
     *
     * @return the choice
     */
    public static CkptPath last() {
        return LAST;
    }

    /**
     * The checkpoint of a run that its {@link CheckpointCallback} found best.
     *
     * @return the choice
     */
    public static CkptPath best() {
        return BEST;
    }

    /**
     * A file.
     *
     * @param file the checkpoint
     * @return the choice
     */
    public static CkptPath of(Path file) {
        return new CkptPath(file.toString(), file);
    }

    /**
     * Opens the checkpoint.
     *
     * @param runDirectory the run whose checkpoints are meant, or null if there is none
     * @return the checkpoint, checked, to be closed
     * @throws CheckpointException if there is none, or the one that is meant is damaged
     */
    public Checkpoint open(@Nullable Path runDirectory) {
        if (file != null) {
            return Checkpoint.open(file);
        }
        if (runDirectory == null) {
            throw new CheckpointException(
                    "CkptPath." + name + "() needs a run directory to look in, but this run has none."
                            + " Name the file with CkptPath.of(path).");
        }
        Checkpoint newest = CheckpointFolder.openNewest(runDirectory);
        if (newest == null) {
            throw new CheckpointException("There is no sound checkpoint to resume from in "
                    + CheckpointFolder.of(runDirectory) + ". Name a file with CkptPath.of(path), or start afresh.");
        }
        if (this == LAST) {
            return newest;
        }
        try (newest) {
            return Checkpoint.open(CallbackStates.best(newest, runDirectory));
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CkptPath that && name.equals(that.name) && Objects.equals(file, that.file);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, file);
    }

    @Override
    public String toString() {
        return name;
    }
}
