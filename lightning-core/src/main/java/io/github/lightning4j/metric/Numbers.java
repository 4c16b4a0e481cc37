package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.github.lightning4j.internal.torch.Tensors;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.function.IntToDoubleFunction;

/** Reads arrays as numbers of Java, row by row. On the CPU this looks into the tensor's own memory. */
final class Numbers {
    private Numbers() {}

    /** Reads numbers by position, without a copy of them where the dtype is that of most scores. */
    static IntToDoubleFunction reader(NDArray array) {
        if (array.getDataType() == DataType.FLOAT32) {
            return Tensors.liveView(array).asFloatBuffer()::get;
        }
        double[] numbers = of(array);
        return i -> numbers[i];
    }

    static double[] of(NDArray array) {
        double[] numbers = new double[Math.toIntExact(array.size())];
        if (numbers.length == 0) {
            return numbers;
        }
        ByteBuffer view = Tensors.liveView(array);
        switch (array.getDataType()) {
            case FLOAT32 -> {
                FloatBuffer floats = view.asFloatBuffer();
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = floats.get(i);
                }
            }
            case FLOAT64 -> view.asDoubleBuffer().get(numbers);
            case INT64 -> {
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = view.getLong(i * Long.BYTES);
                }
            }
            default -> {
                try (NDArray wide = array.toType(DataType.FLOAT64, true)) {
                    return of(wide);
                }
            }
        }
        return numbers;
    }
}
