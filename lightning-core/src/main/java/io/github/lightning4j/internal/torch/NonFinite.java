package io.github.lightning4j.internal.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of an array that are not finite.
 *
 * @param count how many
 * @param total of how many
 * @param first the first of them
 * @param index where that is
 * @param rows along the first axis, those with such a number; none for an array of no axis
 */
public record NonFinite(int count, int total, double first, long[] index, List<Integer> rows) {
    private static final int NAMED = 10;

    /** Looks at an array: one number is read of it unless something is wrong. */
    public static @Nullable NonFinite in(NDArray array) {
        if (!array.getDataType().isFloating() || array.isEmpty()) {
            return null;
        }
        try (GradMode off = GradMode.off();
                NDArray nothing = array.mul(0);
                NDArray sum = nothing.sum()) {
            return Double.isNaN(Tensors.toDouble(sum)) ? look(array) : null;
        }
    }

    private static NonFinite look(NDArray array) {
        double[] values;
        try (NDArray wide = array.toType(DataType.FLOAT64, true)) {
            values = wide.toDoubleArray();
        }
        long[] shape = array.getShape().getShape();
        int ofRow = shape.length == 0 ? 1 : values.length / Math.toIntExact(shape[0]);
        int count = 0;
        int first = -1;
        List<Integer> rows = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                first = first < 0 ? i : first;
                count++;
                if (shape.length > 0 && (rows.isEmpty() || rows.get(rows.size() - 1) != i / ofRow)) {
                    rows.add(i / ofRow);
                }
            }
        }
        return new NonFinite(count, values.length, values[first], unravel(first, shape), rows);
    }

    private static long[] unravel(long offset, long[] shape) {
        long[] index = new long[shape.length];
        long rest = offset;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            index[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return index;
    }

    /** Some of the rows in words: {@code 0, 3, 5}. */
    public String namedRows() {
        String named = rows.stream().limit(NAMED).map(String::valueOf).collect(Collectors.joining(", "));
        return rows.size() > NAMED ? named + " and " + (rows.size() - NAMED) + " more" : named;
    }

    @Override
    public String toString() {
        return total == 1
                ? String.valueOf(first)
                : count + " of " + total + " numbers not finite, first " + first + " at " + Arrays.toString(index)
                        + (rows.size() > 1 || index.length > 1 ? ", rows " + namedRows() : "");
    }
}
