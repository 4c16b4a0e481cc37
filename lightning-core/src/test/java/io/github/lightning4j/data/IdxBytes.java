package io.github.lightning4j.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** Small IDX files. */
final class IdxBytes {
    private IdxBytes() {}

    /** A file with the given type, dimensions and bytes of values. */
    static byte[] file(int type, int[] dimensions, byte[] values) {
        ByteBuffer file = ByteBuffer.allocate(4 + 4 * dimensions.length + values.length);
        file.putInt(type << 8 | dimensions.length);
        Arrays.stream(dimensions).forEach(file::putInt);
        return file.put(values).array();
    }

    /** Images of 2 x 3 whose pixels count up. */
    static byte[] images(int count) {
        byte[] pixels = new byte[count * 6];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 5);
        }
        return file(0x08, new int[] {count, 2, 3}, pixels);
    }

    /** Labels that count up. */
    static byte[] labels(int count) {
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) i;
        }
        return file(0x08, new int[] {count}, labels);
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream stream = new GZIPOutputStream(compressed)) {
            stream.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }
}
