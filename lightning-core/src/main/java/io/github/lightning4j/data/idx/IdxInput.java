package io.github.lightning4j.data.idx;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.DataException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * An IDX file, plain or gzip, whose header has been read: two zero bytes, a type, the number of dimensions and each
 * dimension as a big-endian int; big-endian values follow.
 */
final class IdxInput implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int GZIP_MAGIC = 0x1F8B;

    private final String name;
    private final DataInputStream input;
    private final DataType dataType;
    private final Shape shape;

    private IdxInput(String name, InputStream stream) throws IOException {
        this.name = name;
        input = new DataInputStream(inflated(stream));
        int magic = input.readInt();
        dataType = dataType(magic);
        shape = shape(magic & 0xFF);
    }

    static IdxInput open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DataException("There is no IDX file " + file + "; check the path");
        }
        InputStream stream;
        try {
            stream = Files.newInputStream(file);
        } catch (IOException e) {
            throw new DataException("The IDX file " + file + " could not be opened: " + e, e);
        }
        try {
            return open(stream, file.toString());
        } catch (DataException e) {
            closeQuietly(stream, e);
            throw e;
        }
    }

    static IdxInput open(InputStream stream, String name) {
        try {
            return new IdxInput(name, stream);
        } catch (IOException e) {
            throw failure(name, "ends inside its header or is damaged: " + e + "; get it again", e);
        }
    }

    private static InputStream inflated(InputStream stream) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(stream, CHUNK_BYTES);
        buffered.mark(2);
        int first = buffered.read();
        int second = buffered.read();
        buffered.reset();
        return (first << 8 | second) == GZIP_MAGIC ? new GZIPInputStream(buffered, CHUNK_BYTES) : buffered;
    }

    private DataType dataType(int magic) {
        int dimensions = magic & 0xFF;
        if (magic >>> 16 != 0 || dimensions == 0) {
            throw failure(
                    name,
                    String.format(
                            "begins with 0x%08X, which is no IDX file; expected 0x00000803 for images or 0x00000801 for"
                                    + " labels",
                            magic),
                    null);
        }
        int type = magic >>> 8;
        return switch (type) {
            case 0x08 -> DataType.UINT8;
            case 0x09 -> DataType.INT8;
            case 0x0C -> DataType.INT32;
            case 0x0D -> DataType.FLOAT32;
            case 0x0E -> DataType.FLOAT64;
            default ->
                throw failure(
                        name,
                        String.format(
                                "holds values of type 0x%02X%s, which cannot be used; expected 0x08 uint8, 0x09 int8,"
                                        + " 0x0C int32, 0x0D float32 or 0x0E float64, so convert the file",
                                type, type == 0x0B ? " (int16)" : ""),
                        null);
        };
    }

    private Shape shape(int dimensions) throws IOException {
        long[] sizes = new long[dimensions];
        long bytes = dataType.getNumOfBytes();
        for (int i = 0; i < dimensions; i++) {
            sizes[i] = input.readInt();
            bytes *= Math.max(sizes[i], 0);
            if (sizes[i] < 1 || bytes > Integer.MAX_VALUE) {
                throw failure(
                        name,
                        "says that its dimension " + i + " is " + sizes[i]
                                + "; expected at least 1, and below 2 GB of values in all",
                        null);
            }
        }
        return new Shape(sizes);
    }

    DataType dataType() {
        return dataType;
    }

    Shape shape() {
        return shape;
    }

    /** Takes some of a file's values. */
    @FunctionalInterface
    interface Sink {
        void accept(ByteBuffer values);
    }

    /** Hands over all values, piece by piece, in big-endian buffers of whole values. */
    void readAll(Sink sink) {
        long expected = shape.size() * dataType.getNumOfBytes();
        long read = 0;
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            while (read < expected) {
                int wanted = (int) Math.min(chunk.length, expected - read);
                int got = input.readNBytes(chunk, 0, wanted);
                read += got;
                if (got < wanted) {
                    throw cutOff(read, expected, null);
                }
                sink.accept(ByteBuffer.wrap(chunk, 0, got));
            }
            if (input.read() != -1) {
                throw failure(
                        name,
                        "goes on after the " + expected + " bytes of values that its header " + shape
                                + " announces; get it again",
                        null);
            }
        } catch (IOException e) {
            throw cutOff(read, expected, e);
        }
    }

    private DataException cutOff(long read, long expected, @Nullable IOException cause) {
        return failure(
                name,
                "is cut off or damaged: about " + read + " bytes of values could be read, its header " + shape
                        + " announces " + expected + "; get it again",
                cause);
    }

    /** A failure that names this file. */
    DataException failure(String what) {
        return failure(name, what, null);
    }

    private static DataException failure(String name, String what, @Nullable IOException cause) {
        String message = "The IDX file " + name + " " + what;
        return cause == null ? new DataException(message) : new DataException(message, cause);
    }

    private static void closeQuietly(InputStream stream, Exception failure) {
        try {
            stream.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException e) {
            throw failure(name, "could not be closed: " + e, e);
        }
    }
}
