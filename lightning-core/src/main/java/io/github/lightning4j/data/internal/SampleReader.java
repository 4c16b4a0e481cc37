package io.github.lightning4j.data.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import io.github.lightning4j.DataException;
import io.github.lightning4j.internal.torch.DatasetFields;
import java.io.IOException;

/** Reads samples one by one and joins them, in the order of DJL: get, transform, batchify, transform the labels. */
public final class SampleReader implements BatchReader {
    private final RandomAccessDataset dataset;
    private final DatasetFields fields;
    private final Augmentation augmentation;

    public SampleReader(RandomAccessDataset dataset, DatasetFields fields, Augmentation augmentation) {
        this.dataset = dataset;
        this.fields = fields;
        this.augmentation = augmentation;
    }

    @Override
    public Batch read(NDManager manager, Selection selection) {
        NDList[] data = new NDList[selection.size()];
        NDList[] labels = new NDList[selection.size()];
        try (NDManager samples = manager.newSubManager()) {
            for (int i = 0; i < data.length; i++) {
                read(samples, selection.indices().at(i), i, data, labels);
            }
            return join(manager, data, labels, selection);
        }
    }

    private void read(NDManager samples, long index, int position, NDList[] data, NDList[] labels) {
        try {
            Record sample = dataset.get(samples, index);
            labels[position] = adopt(samples, sample.getLabels() == null ? new NDList() : sample.getLabels());
            NDList values = adopt(samples, sample.getData());
            if (fields.pipeline() != null) {
                values = adopt(samples, fields.pipeline().transform(values));
            }
            data[position] = adopt(samples, augmentation.apply(values, index));
        } catch (IOException | RuntimeException e) {
            String place = dataset instanceof Subset subset ? subset.origin(index) : Subset.place(dataset, index);
            throw new DataException(
                    "Sample " + place + " could not be loaded: " + e + ". Its get(manager, index) alone repeats this",
                    e);
        }
    }

    /** A dataset or a transform may put its arrays on a manager of its own, as "images.get(i)" does. */
    private static NDList adopt(NDManager samples, NDList list) {
        for (NDArray array : list) {
            if (array.getManager() != samples) {
                array.attach(samples);
            }
        }
        return list;
    }

    private Batch join(NDManager manager, NDList[] data, NDList[] labels, Selection selection) {
        try {
            NDList joinedData = fields.dataBatchifier().batchify(data);
            NDList joinedLabels = fields.labelBatchifier().batchify(labels);
            if (fields.targetPipeline() != null) {
                joinedLabels = fields.targetPipeline().transform(joinedLabels);
            }
            return Batches.of(manager, joinedData, joinedLabels, fields, selection);
        } catch (RuntimeException e) {
            throw new DataException(
                    "Samples " + selection.sample() + " of "
                            + dataset.getClass().getName() + " do not make a batch: " + e
                            + ". Give samples of one shape and dtype, or collate(...) a Batchifier that pads",
                    e);
        }
    }
}
