package io.github.lightning4j.data.internal;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import ai.djl.translate.TranslateException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.internal.torch.DatasetFields;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads from a dataset whose class has its own way of making batches, which is asked for one batch at a time. */
public final class IterableReader implements BatchReader {
    private final RandomAccessDataset dataset;
    private final DatasetFields fields;

    public IterableReader(RandomAccessDataset dataset, DatasetFields fields) {
        this.dataset = dataset;
        this.fields = fields;
    }

    @Override
    public Batch read(NDManager manager, Selection selection) {
        try (Arrivals arrivals = new Arrivals()) {
            Iterator<Batch> batches =
                    dataset.getData(manager, new OneBatch(selection), null).iterator();
            if (!batches.hasNext()) {
                throw new DataException("it gave no batch");
            }
            @Nullable Batch batch = batches.next();
            if (batch == null) {
                throw new DataException("it gave null in place of a batch");
            }
            return Batches.of(
                    manager,
                    arrivals.adopt(manager, batch.getData(), "getData"),
                    arrivals.adopt(manager, batch.getLabels(), "getData"),
                    fields,
                    selection);
        } catch (IOException | TranslateException | RuntimeException e) {
            throw new DataException(
                    "getData of " + dataset.getClass().getName() + " failed for samples " + selection.sample() + ": "
                            + Failures.text(e),
                    e);
        }
    }

    private static final class OneBatch implements Sampler {
        private final IndexList indices;

        OneBatch(Selection selection) {
            indices = selection.indices();
        }

        @Override
        public Iterator<List<Long>> sample(RandomAccessDataset dataset) {
            return List.<List<Long>>of(indices).iterator();
        }

        @Override
        public int getBatchSize() {
            return indices.size();
        }
    }
}
