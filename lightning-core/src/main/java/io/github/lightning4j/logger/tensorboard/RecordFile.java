package io.github.lightning4j.logger.tensorboard;

import io.github.lightning4j.logger.AppendedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * A file of TensorFlow's records: length, checksum of the length, bytes, checksum of the bytes, all little endian
 * (<a href="https://www.tensorflow.org/tutorials/load_data/tfrecord">TFRecord</a>).
 */
final class RecordFile implements AutoCloseable {
    private static final int MASK = 0xa282ead8;

    private final AppendedFile file;

    RecordFile(Path path) throws IOException {
        file = new AppendedFile(path);
    }

    boolean isEmpty() {
        return file.length() == 0;
    }

    void append(byte[] event) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES + event.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(event.length);
        record.putInt(checksum(record.array(), 0, Long.BYTES));
        record.put(event);
        record.putInt(checksum(event, 0, event.length));
        file.append(record.array());
    }

    private static int checksum(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    void flush() throws IOException {
        file.flush();
    }

    long force() throws IOException {
        file.force();
        return file.length();
    }

    void cutBack(long length) throws IOException {
        file.cutBack(length);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
