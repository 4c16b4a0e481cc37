package io.github.lightning4j.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/** The parameters and buffers of a block, bit for bit. */
public final class Weights {
    private Weights() {}

    /** A checksum of every parameter and buffer by its name. */
    public static Map<String, Long> of(Block block) {
        Map<String, Long> checksums = new LinkedHashMap<>();
        block.getParameters()
                .forEach(pair ->
                        checksums.put(pair.getKey(), checksum(pair.getValue().getArray())));
        return checksums;
    }

    private static long checksum(NDArray array) {
        ByteBuffer bytes = array.toByteBuffer();
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return checksum.getValue();
    }
}
