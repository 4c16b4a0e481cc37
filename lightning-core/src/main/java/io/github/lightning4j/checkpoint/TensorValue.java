package io.github.lightning4j.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A tensor as it was at one moment, bit for bit.
 *
 * @param type its dtype
 * @param shape its shape
 * @param bits its elements, in the order of the shape and of this machine's bytes; read-only
 */
public record TensorValue(DataType type, Shape shape, ByteBuffer bits) {
    /**
     * Copies a tensor.
     *
     * @param array the tensor
     * @return its value
     */
    public static TensorValue of(NDArray array) {
        byte[] bytes = array.size() == 0 ? new byte[0] : array.toByteArray();
        return new TensorValue(
                array.getDataType(),
                array.getShape(),
                ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).asReadOnlyBuffer());
    }

    /**
     * Where another tensor differs.
     *
     * @param other a tensor that is not equal
     * @return the first difference in words, this one as expected
     */
    public String differenceTo(TensorValue other) {
        if (type != other.type || !shape.equals(other.shape)) {
            return type + " " + shape + " was expected, but it is " + other.type + " " + other.shape;
        }
        int element = bits.mismatch(other.bits) / type.getNumOfBytes();
        return element(element) + " was expected at element " + element + " of " + shape + ", but it is "
                + other.element(element);
    }

    private String element(int index) {
        ByteBuffer values = bits.duplicate().order(ByteOrder.nativeOrder());
        int at = index * type.getNumOfBytes();
        return switch (type) {
            case FLOAT32 -> Float.toString(values.getFloat(at));
            case FLOAT64 -> Double.toString(values.getDouble(at));
            case INT64 -> Long.toString(values.getLong(at));
            case INT32 -> Integer.toString(values.getInt(at));
            default -> "another value";
        };
    }

    @Override
    public String toString() {
        return "a tensor " + type + " " + shape;
    }
}
