package io.github.lightning4j.checkpoint.internal;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.internal.torch.TensorBytes;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** An open safetensors file: its header is read and checked, its tensors are read when asked for. */
public final class SafetensorsReader implements TensorSource, AutoCloseable {
    /** On the heap: a direct buffer would be native memory until the next garbage collection. */
    private static final int CHUNK = 256 << 10;

    /** The bytes, the text made of them, the document in it, and what is parsed from that. */
    private static final int LEAST_MEMORY_PER_BYTE = 6;

    private final Path file;
    private final FileChannel channel;
    private final long dataStart;
    private final SafetensorsHeader header;
    private final @Nullable Document document;

    private SafetensorsReader(
            Path file, FileChannel channel, long dataStart, SafetensorsHeader header, @Nullable Document document) {
        this.file = file;
        this.channel = channel;
        this.dataStart = dataStart;
        this.header = header;
        this.document = document;
    }

    /**
     * Opens a file and checks everything in it: the header against its digest and against itself, the tensors against
     * their checksums. A file that was not written by Lightning4j has neither digest nor checksums.
     *
     * @throws CheckpointException if the file cannot be read or is damaged
     */
    public static SafetensorsReader open(Path file) {
        return open(file, true);
    }

    /** Opens a file and checks its header alone. */
    public static SafetensorsReader openHeader(Path file) {
        return open(file, false);
    }

    /** A pipe, or a device, might never end, or never begin. */
    private static void requireFile(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new CheckpointException(
                    Files.isDirectory(file)
                            ? file + " is a folder, not a checkpoint. Name a file in it."
                            : file + " is no regular file, so no checkpoint. Copy it to one first.");
        }
    }

    private static SafetensorsReader open(Path file, boolean verifyTensors) {
        requireFile(file);
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            try {
                SafetensorsReader reader = parse(file, channel);
                if (verifyTensors) {
                    reader.verifyTensors();
                }
                return reader;
            } catch (IOException | RuntimeException | Error e) {
                channel.close();
                throw e;
            }
        } catch (NoSuchFileException e) {
            throw new CheckpointException("There is no checkpoint " + file + ".", e);
        } catch (SafetensorsHeader.UnsupportedTypeException | Document.NewerFormatException e) {
            throw new CheckpointException("Cannot use " + file + ": " + e.getMessage() + ".", e);
        } catch (IOException e) {
            throw new CheckpointException("Cannot read " + file + ": " + e, e);
        } catch (OutOfMemoryError e) {
            throw new CheckpointException(file + " has a header that does not fit into Java's memory. Raise -Xmx.", e);
        }
    }

    private static SafetensorsReader parse(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < Long.BYTES + 2) {
            throw damaged(file, size == 0 ? "it is empty" : "it ends after " + size + " bytes", null);
        }
        ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        readFully(channel, length, 0);
        long headerBytes = length.getLong(0);
        if (headerBytes < 2 || headerBytes > Math.min(size - Long.BYTES, SafetensorsHeader.MOST_BYTES)) {
            throw damaged(
                    file,
                    "it says that its header has " + Long.toUnsignedString(headerBytes) + " bytes, in a file of "
                            + size,
                    null);
        }
        requireRoom(file, headerBytes);
        long dataStart = Long.BYTES + headerBytes;
        ByteBuffer start = ByteBuffer.allocate((int) dataStart);
        readFully(channel, start, 0);
        boolean ours = Document.startsLikeOurs(start);
        if (ours && !Document.isSealed(start)) {
            throw damaged(file, "its header does not match its digest", null);
        }
        try {
            SafetensorsHeader header =
                    SafetensorsHeader.parse(start.slice(Long.BYTES, (int) headerBytes), size - dataStart);
            // A header that is only almost ours is not taken for a foreign one, which has no digest to fail.
            if (ours != header.metadata().containsKey(Document.KEY)) {
                throw damaged(file, "its header is not as Lightning4j writes it", null);
            }
            return new SafetensorsReader(file, channel, dataStart, header, Document.of(header));
        } catch (SafetensorsHeader.UnsupportedTypeException | Document.NewerFormatException e) {
            throw e;
        } catch (IOException e) {
            throw damaged(file, String.valueOf(e.getMessage()), e);
        }
    }

    /** Refuses a header whose text alone would fill Java's memory, before it takes it from others. */
    private static void requireRoom(Path file, long headerBytes) {
        long needed = headerBytes * LEAST_MEMORY_PER_BYTE;
        Runtime runtime = Runtime.getRuntime();
        if (needed > runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory())) {
            System.gc();
            long free = runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
            if (needed > free) {
                throw new CheckpointException(file + " says that its header has " + headerBytes
                        + " bytes, for which Java's memory has no room: " + free
                        + " bytes are free. If it is sound, raise"
                        + " -Xmx.");
            }
        }
    }

    private void verifyTensors() throws IOException {
        if (document == null) {
            return;
        }
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, Math.max(1, channel.size() - dataStart)));
        for (TensorEntry tensor : header.tensors().values()) {
            CRC32C crc = new CRC32C();
            for (long at = tensor.begin(); at < tensor.end(); at += chunk.limit()) {
                chunk.clear().limit((int) Math.min(chunk.capacity(), tensor.end() - at));
                readFully(channel, chunk, dataStart + at);
                crc.update(chunk.flip());
            }
            check(tensor, crc);
        }
    }

    public Path file() {
        return file;
    }

    /** The state beside the tensors; null in a file that was not written by Lightning4j. */
    public @Nullable Map<String, Object> state() {
        return document == null ? null : document.state();
    }

    @Override
    public String description() {
        return file.toString();
    }

    @Override
    public Map<String, TensorEntry> tensors() {
        return header.tensors();
    }

    @Override
    public void copyTo(TensorEntry tensor, NDArray target) {
        Stretch stretch = new Stretch(dataStart + tensor.begin());
        try {
            TensorBytes.fill(target, bytes -> tensor.type().read(stretch, bytes));
        } catch (IOException e) {
            throw new CheckpointException("Cannot read tensor '" + tensor.name() + "' from " + file + ": " + e, e);
        }
        check(tensor, stretch.crc);
    }

    /** Bytes one after the other, and their checksum. */
    private final class Stretch implements TensorType.Bytes {
        private final CRC32C crc = new CRC32C();
        private long position;

        Stretch(long position) {
            this.position = position;
        }

        @Override
        public void read(ByteBuffer target) throws IOException {
            position += readFully(channel, target.slice(), position);
            crc.update(target);
        }
    }

    private void check(TensorEntry tensor, CRC32C crc) {
        if (document != null
                && !Integer.valueOf((int) crc.getValue())
                        .equals(document.checksums().get(tensor.name()))) {
            throw damaged(file, "the data of tensor '" + tensor.name() + "' does not match its checksum", null);
        }
    }

    private static int readFully(FileChannel channel, ByteBuffer target, long position) throws IOException {
        int length = target.remaining();
        int done = 0;
        while (done < length) {
            int read = channel.read(target, position + done);
            if (read < 0) {
                throw new EOFException("the file ends at byte " + (position + done));
            }
            done += read;
        }
        return done;
    }

    private static CheckpointException damaged(Path file, String what, @Nullable Throwable cause) {
        String message =
                file + " is not a sound checkpoint: " + what + ". CkptPath.last() takes the newest one that is sound.";
        return cause == null ? new CheckpointException(message) : new CheckpointException(message, cause);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new CheckpointException("Cannot close " + file + ": " + e, e);
        }
    }
}
