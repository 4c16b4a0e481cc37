package io.github.lightning4j.data.internal;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Record;

/** Rows that an in-memory dataset looks up in its own way. */
public record DatasetRows(ArrayDataset dataset) implements RowSource {
    @Override
    public Record rows(NDManager manager, IndexList indices) {
        try (Arrivals arrivals = new Arrivals()) {
            Batch batch = dataset.getByIndices(manager, indices.array());
            return new Record(
                    arrivals.adopt(manager, batch.getData(), "getByIndices"),
                    arrivals.adopt(manager, batch.getLabels(), "getByIndices"));
        }
    }
}
