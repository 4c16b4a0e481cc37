package io.github.lightning4j.data.internal;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Record;
import ai.djl.translate.Pipeline;
import io.github.lightning4j.DataException;
import io.github.lightning4j.internal.torch.DatasetFields;
import org.jspecify.annotations.Nullable;

/** Reads a batch's rows at once. As in DJL, the transforms of an in-memory dataset see the whole batch. */
public final class BulkReader implements BatchReader {
    private final Object dataset;
    private final RowSource source;
    private final DatasetFields fields;

    /** The dataset is named in messages. */
    public BulkReader(Object dataset, RowSource source, DatasetFields fields) {
        this.dataset = dataset;
        this.source = source;
        this.fields = fields;
    }

    @Override
    public Batch read(NDManager manager, Selection selection) {
        try {
            Record rows = source.rows(manager, selection.indices());
            NDList data = transform(fields.pipeline(), rows.getData());
            NDList labels = transform(fields.targetPipeline(), rows.getLabels());
            return Batches.of(manager, data, labels, fields, selection);
        } catch (RuntimeException e) {
            throw new DataException(
                    "Batch " + selection.batch() + " of " + dataset.getClass().getName() + " (samples "
                            + selection.sample() + ") could not be made: " + e,
                    e);
        }
    }

    private static NDList transform(@Nullable Pipeline pipeline, NDList list) {
        return pipeline == null ? list : pipeline.transform(list);
    }

    @Override
    public void close() {
        source.close();
    }
}
