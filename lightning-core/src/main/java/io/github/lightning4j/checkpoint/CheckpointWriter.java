package io.github.lightning4j.checkpoint;

import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.internal.io.AtomicFile;
import java.nio.file.Path;

/**
 * Writes checkpoints: at once, or in the background from a snapshot. Each file is there completely or not at all, and one
 * of the same name is replaced at the last moment.
 */
public interface CheckpointWriter extends AutoCloseable {
    /**
     * Writes while the caller waits.
     *
     * @return a writer
     */
    static CheckpointWriter direct() {
        return new DirectCheckpointWriter(AtomicFile.Opener.NORMAL);
    }

    /**
     * Copies the tensors and writes them on a thread of its own, one file at a time. If the file before is still being
     * written, {@link #write} waits for it. A failure comes out of the next call.
     *
     * @return a writer, to be closed
     */
    static CheckpointWriter background() {
        return new BackgroundCheckpointWriter(AtomicFile.Opener.NORMAL);
    }

    /**
     * Writes a checkpoint, or takes a snapshot to write it from. The tensors may change after this returns.
     *
     * @param file where; missing parent folders are made, and temporary files left there by killed processes removed
     * @param state the root of a complete state
     * @throws CheckpointException if this, or the write before, failed: the file of that name that was there is untouched
     */
    void write(Path file, StateTreeWriter state);

    /**
     * Throws the failure of a write that went on in the background. Cheap enough for every step.
     *
     * @throws CheckpointException if a write has failed since the last call
     */
    void check();

    /**
     * Waits until everything is written.
     *
     * @throws CheckpointException if a write has failed since the last call
     */
    void await();

    /**
     * Waits until everything is written, then ends the thread.
     *
     * @throws CheckpointException if a write has failed since the last call
     */
    @Override
    void close();
}
