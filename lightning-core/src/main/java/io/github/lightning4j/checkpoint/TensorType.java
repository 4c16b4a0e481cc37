package io.github.lightning4j.checkpoint;

import ai.djl.ndarray.types.DataType;
import io.github.lightning4j.CheckpointException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The dtypes of safetensors files that can be read, all but the last also written. */
enum TensorType {
    F64(8, DataType.FLOAT64),
    F32(4, DataType.FLOAT32),
    F16(2, DataType.FLOAT16),
    I64(8, DataType.INT64),
    I32(4, DataType.INT32),
    I8(1, DataType.INT8),
    U8(1, DataType.UINT8),
    BOOL(1, DataType.BOOLEAN),
    /** Widened to float32, which holds every value of it: libtorch through DJL cannot make a bfloat16 tensor. */
    BF16(2, DataType.FLOAT32);

    private final int bytes;
    private final DataType dataType;

    TensorType(int bytes, DataType dataType) {
        this.bytes = bytes;
        this.dataType = dataType;
    }

    /** The size of an element in the file. */
    int bytes() {
        return bytes;
    }

    /** The dtype of the tensor it becomes. */
    DataType dataType() {
        return dataType;
    }

    /** The type of a name in a file; null if it is unknown or cannot be read. */
    static @Nullable TensorType named(String name) {
        for (TensorType type : values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        return null;
    }

    static TensorType of(String tensor, DataType dataType) {
        for (TensorType type : values()) {
            if (type.dataType == dataType) {
                return type;
            }
        }
        throw new CheckpointException("Tensor '" + tensor + "' has dtype " + dataType
                + ", which a checkpoint cannot hold. It can hold " + readable() + ".");
    }

    static String readable() {
        return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
    }
}
