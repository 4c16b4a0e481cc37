package io.github.lightning4j.internal.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Pipeline;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * How a DJL dataset makes batches of its samples. DJL keeps these settings in protected fields and uses them in its own
 * iterator only, which leaves arrays and threads behind.
 *
 * @param dataBatchifier joins the samples' data
 * @param labelBatchifier joins the samples' labels
 * @param pipeline transforms data, or null
 * @param targetPipeline transforms a batch's labels, or null
 */
public record DatasetFields(
        Batchifier dataBatchifier,
        Batchifier labelBatchifier,
        @Nullable Pipeline pipeline,
        @Nullable Pipeline targetPipeline) {

    private static final VarHandle DATA_BATCHIFIER =
            field(RandomAccessDataset.class, "dataBatchifier", Batchifier.class);
    private static final VarHandle LABEL_BATCHIFIER =
            field(RandomAccessDataset.class, "labelBatchifier", Batchifier.class);
    private static final VarHandle PIPELINE = field(RandomAccessDataset.class, "pipeline", Pipeline.class);
    private static final VarHandle TARGET_PIPELINE = field(RandomAccessDataset.class, "targetPipeline", Pipeline.class);
    private static final VarHandle SAMPLER = field(RandomAccessDataset.class, "sampler", Sampler.class);
    private static final VarHandle DATA = field(ArrayDataset.class, "data", NDArray[].class);
    private static final VarHandle LABELS = field(ArrayDataset.class, "labels", NDArray[].class);

    /**
     * Reads a dataset's settings.
     *
     * @param dataset the dataset
     * @return its settings
     */
    public static DatasetFields of(RandomAccessDataset dataset) {
        return new DatasetFields(
                (Batchifier) DATA_BATCHIFIER.get(dataset),
                (Batchifier) LABEL_BATCHIFIER.get(dataset),
                (Pipeline) PIPELINE.get(dataset),
                (Pipeline) TARGET_PIPELINE.get(dataset));
    }

    /**
     * The order a dataset was built with.
     *
     * @param dataset the dataset
     * @return its sampler, or null if it was built without one
     */
    public static @Nullable Sampler sampler(RandomAccessDataset dataset) {
        return (Sampler) SAMPLER.get(dataset);
    }

    /**
     * The data tensors of an in-memory dataset.
     *
     * @param dataset the dataset, prepared
     * @return its tensors, not copied
     */
    public static NDList data(ArrayDataset dataset) {
        return new NDList((NDArray[]) DATA.get(dataset));
    }

    /**
     * The label tensors of an in-memory dataset.
     *
     * @param dataset the dataset, prepared
     * @return its tensors, not copied; empty if it has none
     */
    public static NDList labels(ArrayDataset dataset) {
        NDArray[] labels = (NDArray[]) LABELS.get(dataset);
        return labels == null ? new NDList() : new NDList(labels);
    }

    private static VarHandle field(Class<?> owner, String name, Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).findVarHandle(owner, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
