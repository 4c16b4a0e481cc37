package io.github.lightning4j.internal.torch;

import ai.djl.ndarray.types.DataType;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

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

    private static final Set<DataType> TRAINABLE =
            Collections.unmodifiableSet(EnumSet.of(DataType.FLOAT32, DataType.FLOAT64, DataType.FLOAT16));

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
     * The dtypes that parameters may have.
     *
     * @return an immutable set
     */
    public static Set<DataType> trainable() {
        return TRAINABLE;
    }

    /**
     * The dtypes that parameters may have, for messages.
     *
     * @return {@code FLOAT32, FLOAT64 or FLOAT16}
     */
    public static String trainableNames() {
        String names = TRAINABLE.stream().map(Enum::name).collect(Collectors.joining(", "));
        int last = names.lastIndexOf(", ");
        return names.substring(0, last) + " or " + names.substring(last + 2);
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
