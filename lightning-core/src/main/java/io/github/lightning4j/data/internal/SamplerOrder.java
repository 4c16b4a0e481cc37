package io.github.lightning4j.data.internal;

import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import ai.djl.util.RandomUtils;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Seeds.Purpose;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The order that a sampler of the user's decides on. */
public record SamplerOrder(Sampler sampler, RandomAccessDataset dataset, int samples) implements BatchOrder {
    private static final int LOOKED_AT = 100;

    @Override
    public long batchCount() {
        return -1;
    }

    /** A sampler does not say, so that its first samples with different seeds are looked at. */
    @Override
    public boolean shuffles() {
        return !first(1).equals(first(2)) || !first(1).equals(first(3));
    }

    private List<Long> first(long seed) {
        RandomUtils.RANDOM.setSeed(seed);
        Iterator<List<Long>> batches = sampler.sample(dataset);
        List<Long> first = new ArrayList<>();
        while (first.size() < LOOKED_AT && batches.hasNext()) {
            first.addAll(batches.next());
        }
        return first;
    }

    @Override
    public BatchPlan plan(Seeds seeds, long epoch, long skip) {
        return new SamplerPlan(sampler, dataset, samples, seeds.of(Purpose.DATASET, epoch, 0), skip);
    }
}
