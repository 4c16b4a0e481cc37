package io.github.lightning4j.data.internal;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.util.Progress;
import io.github.lightning4j.internal.torch.DatasetFields;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Some samples of another dataset, with its transforms and batchifiers. */
public final class Subset extends RandomAccessDataset {
    private final RandomAccessDataset whole;
    private final IndexList table;

    /** The table holds the index in the whole dataset of each sample. */
    public Subset(RandomAccessDataset whole, IndexList table) {
        super(new FieldsBuilder(DatasetFields.of(whole)));
        this.whole = whole;
        this.table = table;
    }

    @Override
    public Record get(NDManager manager, long index) throws IOException {
        return whole.get(manager, table.at(index));
    }

    @Override
    protected long availableSize() {
        return table.size();
    }

    @Override
    public void prepare(@Nullable Progress progress) {
        // The whole dataset was prepared before it was divided.
    }

    /** Where a sample comes from, for messages. */
    String origin(long index) {
        long outer = table.at(index);
        return whole instanceof Subset subset ? subset.origin(outer) : place(whole, outer);
    }

    static String place(RandomAccessDataset dataset, long index) {
        return index + " of " + dataset.getClass().getName();
    }
}
