package io.github.lightning4j.internal.torch;

import ai.djl.ndarray.types.DataType;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which dtypes can be used. DJL offers more: asking it for BFLOAT16, INT16 or an unsigned type wider than a byte aborts the
 * JVM, COMPLEX64 gives another type and STRING has no tensor behind it.
 */
public final class DataTypes {
    private static final Set<DataType> SUPPORTED = Collections.unmodifiableSet(EnumSet.of(
            DataType.FLOAT64,
            DataType.FLOAT32,
            DataType.FLOAT16,
            DataType.INT64,
            DataType.INT32,
            DataType.INT8,
            DataType.UINT8,
            DataType.BOOLEAN));

    private DataTypes() {}

    /**
     * Whether tensors of a dtype can be made, computed with and read.
     *
     * @param dataType the dtype
     * @return false if using it would abort the JVM or give wrong numbers
     */
    public static boolean isSupported(DataType dataType) {
        return SUPPORTED.contains(dataType);
    }

    /**
     * The dtypes that can be used, for messages.
     *
     * @return an immutable set
     */
    public static Set<DataType> supported() {
        return SUPPORTED;
    }
}
