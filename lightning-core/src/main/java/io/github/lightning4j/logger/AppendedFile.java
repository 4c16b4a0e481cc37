package io.github.lightning4j.logger;

import io.github.lightning4j.CheckpointException;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file that grows at its end alone. What is appended is collected in memory until {@link #flush}. A resumed run cuts it
 * back to the length it had when the checkpoint was saved.
 */
public final class AppendedFile implements AutoCloseable {
    private static final int MOST_PENDING = 1 << 16;

    private final Path path;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private long length;
    private @Nullable FileOutputStream stream;

    /**
     * Names a file; nothing is written yet.
     *
     * @param path where it lies
     * @throws IOException if its length cannot be read
     */
    public AppendedFile(Path path) throws IOException {
        this.path = path;
        this.length = Files.exists(path) ? Files.size(path) : 0;
    }

    /**
     * The length.
     *
     * @return bytes, what is still in memory included
     */
    public long length() {
        return length + pending.size();
    }

    /**
     * Appends.
     *
     * @param bytes what
     * @throws IOException if memory has to be emptied and that fails
     */
    public void append(byte[] bytes) throws IOException {
        pending.writeBytes(bytes);
        if (pending.size() > MOST_PENDING) {
            flush();
        }
    }

    /**
     * Hands everything to the operating system.
     *
     * @throws IOException if that fails
     */
    public void flush() throws IOException {
        if (pending.size() == 0) {
            return;
        }
        if (stream == null) {
            stream = new FileOutputStream(path.toFile(), true);
        }
        pending.writeTo(stream);
        length += pending.size();
        pending.reset();
    }

    /**
     * Makes everything survive a loss of power.
     *
     * @throws IOException if that fails
     */
    public void force() throws IOException {
        flush();
        if (stream != null) {
            stream.getFD().sync();
        }
    }

    /**
     * Cuts off what came later.
     *
     * @param kept the length in bytes to be left
     * @throws CheckpointException if the file is shorter; it stays as it is
     * @throws IOException if it cannot be cut
     */
    public void cutBack(long kept) throws IOException {
        pending.reset();
        close();
        length = Files.exists(path) ? Files.size(path) : 0;
        if (length < kept) {
            throw new CheckpointException(
                    path + " holds " + length + " bytes, but held " + kept + " when the checkpoint"
                            + " was saved. Restore it, or move it away to go on without what it held.");
        }
        if (length > kept) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(kept);
            }
            length = kept;
        }
    }

    /** Flushes, and lets go of the file until more is appended. */
    @Override
    public void close() throws IOException {
        flush();
        if (stream != null) {
            stream.close();
            stream = null;
        }
    }
}
