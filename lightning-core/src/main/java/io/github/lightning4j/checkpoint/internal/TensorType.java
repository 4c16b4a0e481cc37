package io.github.lightning4j.checkpoint.internal;

import ai.djl.ndarray.types.DataType;
import io.github.lightning4j.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The dtypes of safetensors files that can be read, all but the last also written. */
public enum TensorType {
    F64(8, DataType.FLOAT64),
    F32(4, DataType.FLOAT32),
    F16(2, DataType.FLOAT16),
    I64(8, DataType.INT64),
    I32(4, DataType.INT32),
    I8(1, DataType.INT8),
    U8(1, DataType.UINT8),
    BOOL(1, DataType.BOOLEAN),
    /**
     * The upper half of a float32, to which it is widened: libtorch through DJL cannot make a bfloat16 tensor.
     */
    BF16(2, DataType.FLOAT32) {
        @Override
        public void read(Bytes file, ByteBuffer tensor) throws IOException {
            ByteBuffer narrow =
                    ByteBuffer.allocate(Math.min(CHUNK, tensor.remaining() / 2)).order(ByteOrder.LITTLE_ENDIAN);
            while (tensor.hasRemaining()) {
                narrow.clear().limit(Math.min(narrow.capacity(), tensor.remaining() / 2));
                file.read(narrow.duplicate());
                while (narrow.hasRemaining()) {
                    tensor.putInt(narrow.getShort() << Short.SIZE);
                }
            }
        }
    };

    private static final int CHUNK = 256 << 10;

    private final int bytes;
    private final DataType dataType;

    TensorType(int bytes, DataType dataType) {
        this.bytes = bytes;
        this.dataType = dataType;
    }

    /** The bytes of a tensor in a file, from first to last. */
    public interface Bytes {
        void read(ByteBuffer target) throws IOException;
    }

    /** Fills a stretch of a tensor with what comes next in the file. */
    public void read(Bytes file, ByteBuffer tensor) throws IOException {
        file.read(tensor);
    }

    /** Whether the tensor has larger elements than the file. */
    public boolean isWidened() {
        return bytes < dataType.getNumOfBytes();
    }

    /** The size of an element in the file. */
    public int bytes() {
        return bytes;
    }

    /** The dtype of the tensor it becomes. */
    public DataType dataType() {
        return dataType;
    }

    /** The type of a name in a file; null if it is unknown or cannot be read. */
    public static @Nullable TensorType named(String name) {
        for (TensorType type : values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        return null;
    }

    public static TensorType of(String tensor, DataType dataType) {
        for (TensorType type : values()) {
            if (type.dataType == dataType) {
                return type;
            }
        }
        throw new CheckpointException("Tensor '" + tensor + "' has dtype " + dataType
                + ", which a checkpoint cannot hold. It can hold " + readable() + ".");
    }

    public static String readable() {
        return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
    }
}
