package io.github.lightning4j.data.internal;

import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Seeds.Purpose;

/** The order that a sampler of the user's decides on. */
public record SamplerOrder(Sampler sampler, RandomAccessDataset dataset, int samples) implements BatchOrder {
    @Override
    public long batchCount() {
        return -1;
    }

    @Override
    public BatchPlan plan(Seeds seeds, long epoch, long skip) {
        return new SamplerPlan(sampler, dataset, samples, seeds.of(Purpose.DATASET, epoch, 0), skip);
    }
}
