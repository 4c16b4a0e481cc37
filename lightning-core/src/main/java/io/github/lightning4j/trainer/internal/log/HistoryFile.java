package io.github.lightning4j.trainer.internal.log;

import io.github.lightning4j.checkpoint.internal.Document;
import io.github.lightning4j.internal.io.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes that are only appended, whose length and SHA-256 are known at every moment at no cost. They may lie in a file; one
 * that cannot be written is warned of once and done without.
 */
final class HistoryFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryFile.class);
    private static final int MOST_PENDING = 1 << 13;

    private final MessageDigest digest = Document.sha256();
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private @Nullable Path path;
    private long length;
    private boolean begun;
    private boolean unforced;
    private @Nullable FileOutputStream stream;

    /**
     * Begins with nothing. A file that is there is replaced by the first write.
     *
     * @param path where, or null for memory alone
     */
    HistoryFile(@Nullable Path path) {
        this.path = path;
    }

    /** Begins with what an earlier start of the run has written; what followed it in the file is cut off. */
    static HistoryFile after(byte[] before, @Nullable Path path) {
        HistoryFile file = new HistoryFile(path);
        file.count(before);
        file.begun = true;
        if (path != null) {
            file.orWarn(() -> AtomicFile.write(
                    path, channel -> Channels.newOutputStream(channel).write(before)));
        }
        return file;
    }

    /** Moves a file out of the way that does not begin as it should. */
    static void setAside(Path file) {
        try {
            if (Files.isRegularFile(file)) {
                Files.move(
                        file,
                        file.resolveSibling("unmatched-" + file.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            LOG.warn("{} could not be moved out of the way: {}", file, e.toString());
        }
    }

    long length() {
        return length;
    }

    String sha256() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-256 cannot be cloned on this Java platform", e);
        }
    }

    void append(byte[] bytes) {
        count(bytes);
        if (path != null) {
            pending.writeBytes(bytes);
            if (pending.size() > MOST_PENDING) {
                orWarn(this::flush);
            }
        }
    }

    private void count(byte[] bytes) {
        digest.update(bytes);
        length += bytes.length;
    }

    private void flush() throws IOException {
        if (path == null || pending.size() == 0) {
            return;
        }
        if (stream == null) {
            stream = new FileOutputStream(path.toFile(), begun);
            begun = true;
        }
        pending.writeTo(stream);
        pending.reset();
        unforced = true;
    }

    /** Makes everything survive a loss of power. */
    void force() {
        orWarn(() -> {
            flush();
            if (stream != null && unforced) {
                stream.getFD().sync();
                unforced = false;
            }
        });
    }

    @Override
    public void close() {
        orWarn(() -> {
            flush();
            if (stream != null) {
                stream.close();
                stream = null;
            }
        });
    }

    private interface IoAction {
        void run() throws IOException;
    }

    private void orWarn(IoAction action) {
        if (path == null) {
            return;
        }
        try {
            action.run();
        } catch (IOException e) {
            LOG.warn("{} cannot be written, so a resumed run will lack its history: {}", path, e.toString());
            path = null;
            pending.reset();
        }
    }
}
