package io.github.lightning4j.data.idx;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.Tensors;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Reads IDX files, the format of MNIST: a header with a type and dimensions, then the values. Whether a file is
 * compressed with gzip is seen from its first bytes.
 */
public final class Idx {
    private Idx() {}

    /**
     * Reads a file as it is.
     *
     * @param manager the owner of the tensor
     * @param file the file, plain or gzip
     * @return a tensor on the CPU of the file's shape and dtype: UINT8, INT8, INT32, FLOAT32 or FLOAT64
     * @throws io.github.lightning4j.DataException if the file is missing, cut off, damaged, not IDX, over 2 GB or of another
     *     type
     */
    public static NDArray read(NDManager manager, Path file) {
        try (IdxInput input = IdxInput.open(file)) {
            return read(manager, input);
        }
    }

    /**
     * Reads a stream as it is, a resource for instance.
     *
     * @param manager the owner of the tensor
     * @param stream the stream, plain or gzip; left open
     * @param name what messages call it
     * @return a tensor on the CPU of the file's shape and dtype: UINT8, INT8, INT32, FLOAT32 or FLOAT64
     * @throws io.github.lightning4j.DataException if the stream is cut off, damaged, not IDX, over 2 GB or of another type
     */
    public static NDArray read(NDManager manager, InputStream stream, String name) {
        return read(manager, IdxInput.open(stream, name));
    }

    private static NDArray read(NDManager manager, IdxInput input) {
        return read(manager, input, input.shape(), input.dataType(), nativeOrder(input.dataType()));
    }

    private static Conversion nativeOrder(DataType dataType) {
        return switch (dataType.getNumOfBytes()) {
            case Byte.BYTES -> (values, memory) -> memory.put(values);
            case Integer.BYTES ->
                (values, memory) -> {
                    while (values.hasRemaining()) {
                        memory.putInt(values.getInt());
                    }
                };
            default ->
                (values, memory) -> {
                    while (values.hasRemaining()) {
                        memory.putLong(values.getLong());
                    }
                };
        };
    }

    /** Copies some of a file's values into a tensor's memory. */
    @FunctionalInterface
    interface Conversion {
        void convert(ByteBuffer values, ByteBuffer memory);
    }

    /** Reads a file into a tensor of a shape and dtype of the caller's, which is freed if that fails. */
    static NDArray read(NDManager manager, IdxInput input, Shape shape, DataType dataType, Conversion conversion) {
        if (shape.size() * dataType.getNumOfBytes() > Integer.MAX_VALUE) {
            throw input.failure("of shape " + input.shape() + " does not fit into 2 GB as " + dataType
                    + "; divide it into smaller files");
        }
        NDArray tensor = MemoryScope.release(manager.create(shape, dataType, Device.cpu()));
        boolean complete = false;
        try {
            ByteBuffer memory = Tensors.liveView(tensor);
            input.readAll(values -> conversion.convert(values, memory));
            complete = true;
            return tensor;
        } finally {
            if (!complete) {
                tensor.close();
            }
        }
    }
}
