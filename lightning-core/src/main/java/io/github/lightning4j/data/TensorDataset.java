package io.github.lightning4j.data;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Record;
import ai.djl.translate.Batchifier;
import io.github.lightning4j.DataException;
import io.github.lightning4j.data.internal.FieldsBuilder;
import io.github.lightning4j.data.internal.IndexList;
import io.github.lightning4j.data.internal.TensorRows;
import io.github.lightning4j.internal.torch.DataTypes;
import io.github.lightning4j.internal.torch.DatasetFields;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.Tensors;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Samples that lie in memory as tensors whose first dimension counts them. A {@link DataLoader} gathers its batches in one
 * native call for each tensor, and parts made by {@link Splits} share the tensors.
 *
 * <p>It is a DJL {@link ArrayDataset}, so DJL code can use it too; there it gives batches of 32 in order unless a sampler
 * is passed. Unlike those of an {@code ArrayDataset}, the parts made by {@code randomSplit} hold the right samples.
 *
 * <p>The dataset does not own its tensors: they live until the manager they were made on is closed.
 */
public final class TensorDataset extends ArrayDataset {
    private static final DatasetFields PLAIN = new DatasetFields(Batchifier.STACK, Batchifier.STACK, null, null);

    private final @Nullable IndexList table;

    private TensorDataset(TensorRows.Tensors tensors, DatasetFields fields) {
        super(new FieldsBuilder(fields));
        data = tensors.data().toArray(new NDArray[0]);
        labels = tensors.labels().toArray(new NDArray[0]);
        table = tensors.table();
    }

    /**
     * A dataset without labels.
     *
     * @param data one value per sample, of shape (N, ...) with N at least 1
     * @return the dataset
     * @throws DataException if the tensor has no first dimension, no sample or a dtype that cannot be used
     */
    public static TensorDataset of(NDArray data) {
        return of(new NDList(data), new NDList());
    }

    /**
     * A dataset of one input and one target.
     *
     * @param data the inputs, of shape (N, ...) with N at least 1
     * @param labels the targets, of shape (N, ...)
     * @return the dataset
     * @throws DataException if the tensors differ in their first dimension, have none, no sample or a dtype that cannot be
     *     used
     */
    public static TensorDataset of(NDArray data, NDArray labels) {
        return of(new NDList(data), new NDList(labels));
    }

    /**
     * A dataset of several inputs and targets.
     *
     * @param data the inputs, at least one, each of shape (N, ...) with N at least 1
     * @param labels the targets, any number, each of shape (N, ...)
     * @return the dataset
     * @throws DataException if there is no input, or the tensors differ in their first dimension, have none, no sample or a
     *     dtype that cannot be used
     */
    public static TensorDataset of(NDList data, NDList labels) {
        if (data.isEmpty()) {
            throw new DataException(
                    "A TensorDataset was given no data tensor; give at least one of shape (samples, ...)");
        }
        NDList all = new NDList(data).addAll(labels);
        all.forEach(TensorDataset::check);
        long samples = data.head().size(0);
        if (all.stream().anyMatch(tensor -> tensor.size(0) != samples)) {
            throw new DataException("The tensors of a TensorDataset differ in their first dimension: data "
                    + shapes(data) + ", labels " + shapes(labels) + "; give one row per sample in each");
        }
        return new TensorDataset(new TensorRows.Tensors(new NDList(data), new NDList(labels), null), PLAIN);
    }

    /**
     * A dataset for classification from Java arrays, copied into native memory.
     *
     * @param manager the owner of the tensors, made on the CPU as FLOAT32 and INT64
     * @param data the inputs, sample by sample
     * @param dataShape their shape (N, ...)
     * @param classes the class of each sample, N values
     * @return the dataset
     * @throws DataException if the values do not fill the shape, or data and classes differ in number
     */
    public static TensorDataset of(NDManager manager, float[] data, Shape dataShape, long[] classes) {
        return of(floats(manager, data, dataShape), longs(manager, classes));
    }

    /**
     * A dataset for regression from Java arrays, copied into native memory.
     *
     * @param manager the owner of the tensors, made on the CPU as FLOAT32
     * @param data the inputs, sample by sample
     * @param dataShape their shape (N, ...)
     * @param targets the targets, sample by sample
     * @param targetShape their shape (N, ...)
     * @return the dataset
     * @throws DataException if values do not fill their shape, or data and targets differ in number
     */
    public static TensorDataset of(
            NDManager manager, float[] data, Shape dataShape, float[] targets, Shape targetShape) {
        return of(floats(manager, data, dataShape), floats(manager, targets, targetShape));
    }

    /** A part of an in-memory dataset, over the same tensors and with its transforms. */
    static TensorDataset part(ArrayDataset whole, TensorRows.Tensors tensors, IndexList indices) {
        IndexList outer = tensors.table();
        IndexList table = outer == null ? indices : outer.pick(indices);
        return new TensorDataset(
                new TensorRows.Tensors(tensors.data(), tensors.labels(), table), DatasetFields.of(whole));
    }

    /** The tensors and the table of rows behind this dataset. */
    TensorRows.Tensors tensors() {
        return new TensorRows.Tensors(new NDList(data), new NDList(labels), table);
    }

    /** {@inheritDoc} */
    @Override
    public Record get(NDManager manager, long index) {
        return super.get(manager, row(index));
    }

    /** {@inheritDoc} */
    @Override
    public Batch getByIndices(NDManager manager, long... indices) {
        return super.getByIndices(manager, Arrays.stream(indices).map(this::row).toArray());
    }

    /** {@inheritDoc} */
    @Override
    public Batch getByRange(NDManager manager, long fromIndex, long toIndex) {
        return table == null
                ? super.getByRange(manager, fromIndex, toIndex)
                : getByIndices(manager, LongStream.range(fromIndex, toIndex).toArray());
    }

    @Override
    protected long availableSize() {
        return table == null ? super.availableSize() : table.size();
    }

    @Override
    protected TensorDataset newSubDataset(int[] indices, int from, int to) {
        long[] part = Arrays.stream(indices, from, to).asLongStream().toArray();
        return part(this, tensors(), new IndexList(part));
    }

    @Override
    protected TensorDataset newSubDataset(List<Long> indices) {
        long[] part = indices.stream().mapToLong(Long::longValue).toArray();
        return part(this, tensors(), new IndexList(part));
    }

    private long row(long index) {
        return table == null ? index : table.at(index);
    }

    private static void check(NDArray tensor) {
        if (!DataTypes.isSupported(tensor.getDataType())) {
            throw new DataException("A tensor of a TensorDataset is " + tensor.getDataType() + "; expected one of "
                    + DataTypes.supported());
        }
        if (tensor.getShape().isScalar() || tensor.size(0) == 0) {
            throw new DataException("A tensor of a TensorDataset has shape " + tensor.getShape()
                    + "; expected (samples, ...) with at least one sample");
        }
    }

    private static String shapes(NDList list) {
        return list.stream().map(tensor -> tensor.getShape().toString()).collect(Collectors.joining(", ", "[", "]"));
    }

    private static NDArray floats(NDManager manager, float[] values, Shape shape) {
        if (shape.size() != values.length) {
            throw new DataException(
                    values.length + " values do not fill the shape " + shape + ", which takes " + shape.size());
        }
        return create(
                manager,
                shape,
                DataType.FLOAT32,
                memory -> memory.asFloatBuffer().put(values));
    }

    private static NDArray longs(NDManager manager, long[] values) {
        return create(
                manager,
                new Shape(values.length),
                DataType.INT64,
                memory -> memory.asLongBuffer().put(values));
    }

    private static NDArray create(NDManager manager, Shape shape, DataType dataType, Consumer<ByteBuffer> filler) {
        NDArray tensor = MemoryScope.release(manager.create(shape, dataType, Device.cpu()));
        filler.accept(Tensors.liveView(tensor));
        return tensor;
    }
}
