package io.github.lightning4j.internal.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Single arrays: made outside memory scopes, read as numbers, cut from the graph. */
public final class Tensors {
    private static final NDIndex NOTHING = new NDIndex(":0");

    private Tensors() {}

    /**
     * Makes an array of zeros that no memory scope owns.
     *
     * @param manager its owner; its device is the array's
     * @param shape its shape
     * @param dataType its dtype
     * @return the array
     */
    public static NDArray zeros(NDManager manager, Shape shape, DataType dataType) {
        return MemoryScope.release(manager.zeros(shape, dataType));
    }

    /**
     * Reads a number. On the CPU this looks into the tensor's own memory, which costs half a microsecond.
     *
     * @param scalar an array of one element
     * @return its value
     */
    public static double toDouble(NDArray scalar) {
        DataType type = scalar.getDataType();
        if (type == DataType.FLOAT32) {
            return scalar.toByteBuffer(true).order(ByteOrder.nativeOrder()).getFloat(0);
        }
        if (type == DataType.FLOAT64) {
            return scalar.toByteBuffer(true).order(ByteOrder.nativeOrder()).getDouble(0);
        }
        if (type == DataType.BOOLEAN) {
            return scalar.toByteBuffer(true).get(0);
        }
        try (NDArray wide = scalar.toType(DataType.FLOAT64, true)) {
            return wide.toByteBuffer(true).order(ByteOrder.nativeOrder()).getDouble(0);
        }
    }

    /**
     * A writable view of a CPU tensor's memory, in native byte order. It does not keep the tensor alive. A tensor that is
     * not contiguous gives a copy instead: see {@link #isContiguous}.
     *
     * @param array the tensor
     * @return the view
     */
    public static ByteBuffer liveView(NDArray array) {
        return array.toByteBuffer(true).order(ByteOrder.nativeOrder());
    }

    /**
     * Whether a view of the tensor shows its own memory: it is on the CPU and its elements lie in row-major order.
     *
     * @param array a tensor of less than 2 GB
     * @return false if views are copies
     */
    public static boolean isContiguous(NDArray array) {
        if (array.getDevice().isGpu()) {
            return false;
        }
        if (array.size() == 0) {
            return true;
        }
        // DJL does not tell; but two copies made at the same time differ in their address, two views do not.
        try (MemoryScope scope = MemoryScope.open()) {
            return Native.getDirectBufferPointer(array.toByteBuffer(true))
                    .equals(Native.getDirectBufferPointer(array.toByteBuffer(true)));
        }
    }

    /**
     * Tells autograd that a tensor was changed through its {@linkplain #liveView memory}: a backward through what was
     * computed from it before is then refused by torch, instead of being wrong. Only floating point tensors have gradients.
     *
     * @param array a contiguous tensor; nothing of it is read or written
     */
    public static void markChanged(NDArray array) {
        if (!array.getDataType().isFloating()) {
            return;
        }
        try (GradMode off = GradMode.off();
                NDArray flat = array.reshape(-1);
                NDArray head = flat.get(NOTHING)) {
            head.subi(head);
        }
    }

    /**
     * Makes an array survive the step it was made in: it becomes, inside the same object, a copy of its bare value, cut
     * from the autograd graph and from memory that belongs to others. (libtorch's own answer to whether an array has a
     * graph cannot be asked through DJL, so the copy is always made.)
     *
     * @param array the array
     * @return the same object
     */
    public static NDArray cutFromGraph(NDArray array) {
        array.intern(array.duplicate());
        return array;
    }
}
