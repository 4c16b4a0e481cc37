package io.github.lightning4j.data.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.github.lightning4j.DataException;
import io.github.lightning4j.internal.torch.MemoryScope;
import java.util.stream.LongStream;

/** The class of each sample, from the labels of a dataset in memory. */
public final class LabelClasses {
    private LabelClasses() {}

    /** Reads the first label. */
    public static long[] of(TensorRows.Tensors tensors) {
        long[] all = read(tensors.labels().head());
        IndexList table = tensors.table();
        return table == null
                ? all
                : LongStream.of(table.array()).map(row -> all[(int) row]).toArray();
    }

    private static long[] read(NDArray labels) {
        if (labels.size() != labels.size(0)) {
            throw unknown("have shape " + labels.getShape() + ", not one number a sample");
        }
        try (MemoryScope scope = MemoryScope.open()) {
            if (labels.getDataType().isFloating()) {
                requireWhole(labels.toType(DataType.FLOAT64, true).toDoubleArray());
            }
            return labels.toType(DataType.INT64, true).toLongArray();
        }
    }

    private static void requireWhole(double[] labels) {
        for (double label : labels) {
            if (label != Math.rint(label)) {
                throw unknown("are no whole numbers, as " + label);
            }
        }
    }

    private static DataException unknown(String why) {
        return new DataException(
                "The labels " + why + ", so they are no classes; give the classes:" + " stratified(folds, classes)");
    }
}
