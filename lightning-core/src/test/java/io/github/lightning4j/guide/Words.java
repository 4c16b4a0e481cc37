package io.github.lightning4j.guide;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.util.Progress;
import java.util.List;

public final class Words extends RandomAccessDataset {
    private final List<String> words;

    public Words(List<String> words) {
        super(new Builder().setSampling(1, false));
        this.words = words;
    }

    @Override
    public Record get(NDManager manager, long index) {
        String word = words.get((int) index);
        long[] codes = word.chars().mapToLong(letter -> letter - 'a' + 1).toArray();
        NDList data = new NDList(manager.create(codes), manager.create((long) codes.length));
        return new Record(data, new NDList(manager.create(word.endsWith("a") ? 1L : 0L)));
    }

    @Override
    protected long availableSize() {
        return words.size();
    }

    @Override
    public void prepare(Progress progress) {}

    private static final class Builder extends BaseBuilder<Builder> {
        @Override
        protected Builder self() {
            return this;
        }
    }
}
