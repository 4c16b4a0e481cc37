package io.github.lightning4j.testing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Makes Java collect its garbage and fill the memory that direct buffers give back, as a long training does by chance. */
public final class JavaGarbage {
    private static final int BUFFERS = 3000;
    private static final int[] SIZES = {4, 4, 4, 8, 24, 64};
    private static final byte JUNK = 0x5A;

    private JavaGarbage() {}

    /** Collects now, and writes junk wherever small direct buffers have been freed. */
    public static void collectAndOverwrite() {
        System.gc();
        try {
            Thread.sleep(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<ByteBuffer> reused = new ArrayList<>(BUFFERS);
        for (int i = 0; i < BUFFERS; i++) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(SIZES[i % SIZES.length]);
            while (buffer.hasRemaining()) {
                buffer.put(JUNK);
            }
            reused.add(buffer);
        }
    }

    /** Makes heap garbage of so many bytes and a few direct buffers. */
    public static int some(int bytes) {
        int sum = 0;
        for (int made = 0; made < bytes; made += 1000) {
            sum += new byte[1000].length;
        }
        for (int i = 0; i < 4; i++) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(4);
            buffer.put(0, JUNK);
            sum += buffer.capacity();
        }
        return sum;
    }
}
