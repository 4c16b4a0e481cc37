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
        Record rows = rows(manager, selection);
        NDList data = transform(manager, fields.pipeline(), rows.getData(), selection);
        NDList labels = transform(manager, fields.targetPipeline(), rows.getLabels(), selection);
        return Batches.of(manager, data, labels, fields, selection);
    }

    private Record rows(NDManager manager, Selection selection) {
        try {
            return source.rows(manager, selection.indices());
        } catch (RuntimeException e) {
            throw failure(selection, "made", e);
        }
    }

    private NDList transform(NDManager manager, @Nullable Pipeline pipeline, NDList list, Selection selection) {
        if (pipeline == null) {
            return list;
        }
        try (Arrivals arrivals = new Arrivals()) {
            return arrivals.adopt(manager, pipeline.transform(list), "A transform");
        } catch (RuntimeException e) {
            throw failure(selection, "transformed, in " + Failures.transform(e), e);
        }
    }

    private DataException failure(Selection selection, String what, RuntimeException cause) {
        return new DataException(
                "Batch " + selection.batch() + " of " + dataset.getClass().getName() + " (samples " + selection.sample()
                        + ") could not be " + what + ": " + Failures.text(cause),
                cause);
    }

    @Override
    public void close() {
        source.close();
    }
}
