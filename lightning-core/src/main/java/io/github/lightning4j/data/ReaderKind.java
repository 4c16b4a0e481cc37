package io.github.lightning4j.data;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import ai.djl.translate.Batchifier;
import io.github.lightning4j.data.internal.Augmentation;
import io.github.lightning4j.data.internal.BatchReader;
import io.github.lightning4j.data.internal.BulkReader;
import io.github.lightning4j.data.internal.DatasetRows;
import io.github.lightning4j.data.internal.IterableReader;
import io.github.lightning4j.data.internal.SampleReader;
import io.github.lightning4j.data.internal.TensorRows;
import io.github.lightning4j.internal.torch.DatasetFields;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** Chooses how a dataset is read: the fastest way that gives what DJL's own iteration would give. */
enum ReaderKind {
    /** Rows of tensors, gathered natively. */
    TENSORS {
        @Override
        BatchReader open(
                RandomAccessDataset dataset, DatasetFields fields, Augmentation augmentation, NDManager manager) {
            TensorRows rows = new TensorRows(manager, tensors(dataset).orElseThrow());
            return new BulkReader(dataset, rows, fields);
        }
    },
    /** Rows of an in-memory dataset that looks them up itself, by index: its ranges cannot be trusted in DJL 0.35. */
    ROWS {
        @Override
        BatchReader open(
                RandomAccessDataset dataset, DatasetFields fields, Augmentation augmentation, NDManager manager) {
            return new BulkReader(dataset, new DatasetRows((ArrayDataset) dataset), fields);
        }
    },
    /** Single samples, joined by batchifiers. */
    SAMPLES {
        @Override
        BatchReader open(
                RandomAccessDataset dataset, DatasetFields fields, Augmentation augmentation, NDManager manager) {
            return new SampleReader(dataset, fields, augmentation);
        }
    },
    /** Batches that a dataset makes in its own way. */
    ITERABLE {
        @Override
        BatchReader open(
                RandomAccessDataset dataset, DatasetFields fields, Augmentation augmentation, NDManager manager) {
            return new IterableReader(dataset, fields);
        }
    };

    /** Opens a reader for one pass; what it needs hangs below the manager until it is closed. */
    abstract BatchReader open(
            RandomAccessDataset dataset, DatasetFields fields, Augmentation augmentation, NDManager manager);

    /** How many background threads a pass has unless another number is asked for: tensors are faster without. */
    int usualWorkers() {
        return this == TENSORS || this == ROWS ? 0 : 1;
    }

    static ReaderKind of(RandomAccessDataset dataset, DatasetFields fields, boolean augmented) {
        if (makesItsOwnBatches(dataset)) {
            return ITERABLE;
        }
        if (!isBulk(dataset, fields) || augmented) {
            return SAMPLES;
        }
        return tensors(dataset).filter(TensorRows.Tensors::canBeGathered).isPresent() ? TENSORS : ROWS;
    }

    /** Whether the dataset's transforms see a batch at once, which DJL arranges for tensors in memory. */
    static boolean transformsBatches(RandomAccessDataset dataset, DatasetFields fields) {
        return isBulk(dataset, fields) && (fields.pipeline() != null || fields.targetPipeline() != null);
    }

    private static boolean isBulk(RandomAccessDataset dataset, DatasetFields fields) {
        return dataset instanceof ArrayDataset
                && fields.dataBatchifier() == Batchifier.STACK
                && fields.labelBatchifier() == Batchifier.STACK;
    }

    /** The tensors of an in-memory dataset; empty if its rows are not simply theirs. */
    static Optional<TensorRows.Tensors> tensors(RandomAccessDataset dataset) {
        if (dataset instanceof TensorDataset own) {
            return Optional.of(own.tensors());
        }
        if (dataset instanceof ArrayDataset whole
                && declares(ArrayDataset.class, dataset, "getByIndices", NDManager.class, long[].class)
                && declares(ArrayDataset.class, dataset, "getByRange", NDManager.class, long.class, long.class)) {
            return Optional.of(new TensorRows.Tensors(DatasetFields.data(whole), DatasetFields.labels(whole), null));
        }
        return Optional.empty();
    }

    private static boolean makesItsOwnBatches(RandomAccessDataset dataset) {
        Class<?> usual = dataset instanceof ArrayDataset ? ArrayDataset.class : RandomAccessDataset.class;
        return !declares(usual, dataset, "getData", NDManager.class, Sampler.class, ExecutorService.class);
    }

    private static boolean declares(Class<?> owner, Object object, String method, Class<?>... parameters) {
        try {
            return object.getClass().getMethod(method, parameters).getDeclaringClass() == owner;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("DJL's " + owner.getSimpleName() + " has no " + method, e);
        }
    }
}
