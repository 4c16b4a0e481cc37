package io.github.lightning4j.internal.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The dtype of floating-point numbers in the batches of a module whose parameters are all FLOAT64, or all FLOAT16: theirs, since
 * torch multiplies no matrices of two dtypes. Labels are only widened, as class indices may be among them.
 */
public final class BatchPrecision {
    private final @Nullable DataType type;

    private BatchPrecision(@Nullable DataType type) {
        this.type = type;
    }

    /** What a block needs. */
    public static BatchPrecision of(Block block) {
        Set<DataType> types = EnumSet.noneOf(DataType.class);
        for (Parameter parameter : block.getParameters().values()) {
            if (parameter.isInitialized() && !Buffers.isBuffer(parameter)) {
                types.add(parameter.getArray().getDataType());
            }
        }
        types.removeIf(Predicate.not(DataType::isFloating));
        return new BatchPrecision(
                types.size() == 1 && !types.contains(DataType.FLOAT32)
                        ? types.iterator().next()
                        : null);
    }

    /** Whether arrays can stay as they are. */
    public boolean fits(NDList data, NDList labels) {
        return type == null
                || (data.stream().noneMatch(this::narrowsOrWidens)
                        && labels.stream().noneMatch(this::widens));
    }

    private boolean narrowsOrWidens(NDArray array) {
        return array.getDataType().isFloating() && array.getDataType() != type;
    }

    private boolean widens(NDArray array) {
        return type == DataType.FLOAT64 && narrowsOrWidens(array);
    }

    /** Copies of data on a device. */
    NDList copyData(NDList data, Device device) {
        return copies(data, device, this::narrowsOrWidens);
    }

    /** Copies of labels on a device. */
    NDList copyLabels(NDList labels, Device device) {
        return copies(labels, device, this::widens);
    }

    private NDList copies(NDList arrays, Device device, Predicate<NDArray> changes) {
        NDList copies = new NDList(arrays.size());
        for (NDArray array : arrays) {
            NDArray copy = type != null && changes.test(array)
                    ? array.toDevice(device, false).toType(type, true)
                    : array.toDevice(device, true);
            copy.setName(array.getName());
            copies.add(copy);
        }
        return copies;
    }
}
