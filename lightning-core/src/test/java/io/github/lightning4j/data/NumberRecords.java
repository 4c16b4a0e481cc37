package io.github.lightning4j.data;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.util.Progress;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A dataset that is read sample by sample; sample i has the data (i, -i) and the label i. */
class NumberRecords extends RandomAccessDataset {
    final Queue<Long> loaded = new ConcurrentLinkedQueue<>();
    private final int count;

    NumberRecords(int count) {
        this(new Builder(), count);
    }

    NumberRecords(Builder builder, int count) {
        super(builder);
        this.count = count;
    }

    @Override
    public Record get(NDManager manager, long index) throws IOException {
        loaded.add(index);
        return new Record(new NDList(manager.create(new float[] {index, -index})), new NDList(manager.create(index)));
    }

    @Override
    protected long availableSize() {
        return count;
    }

    @Override
    public void prepare(Progress progress) {}

    /** DJL's settings. */
    static final class Builder extends BaseBuilder<Builder> {
        Builder() {
            setSampling(1, false);
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
