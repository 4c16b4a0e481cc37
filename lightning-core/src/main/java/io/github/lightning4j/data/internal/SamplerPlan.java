package io.github.lightning4j.data.internal;

import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import ai.djl.util.RandomUtils;
import io.github.lightning4j.DataException;
import java.util.Iterator;
import java.util.List;

/** The batches that a sampler of the user's asks for. Those skipped are drawn and dropped, without loading a sample. */
final class SamplerPlan implements BatchPlan {
    private final Sampler sampler;
    private final Iterator<List<Long>> batches;
    private final long samples;
    private long next;
    private long done;

    /** Seeds the generator that DJL's samplers share, so that their order too is a function of the seed. */
    SamplerPlan(Sampler sampler, RandomAccessDataset dataset, long samples, long seed, long skip) {
        this.sampler = sampler;
        this.samples = samples;
        RandomUtils.RANDOM.setSeed(seed);
        batches = sampler.sample(dataset);
        if (!batches.hasNext()) {
            throw new DataException(describe() + " gave no batch; expected at least one");
        }
        while (next < skip) {
            if (!batches.hasNext()) {
                throw new DataException("Batch " + skip + " was asked for, but " + describe() + " ended after " + next
                        + "; resume with the sampler and the dataset that the run began with");
            }
            next();
        }
    }

    @Override
    public boolean hasNext() {
        return batches.hasNext();
    }

    @Override
    public Selection next() {
        long[] indices = batches.next().stream().mapToLong(Long::longValue).toArray();
        if (indices.length == 0) {
            throw new DataException(describe() + " gave an empty batch " + next + "; expected at least one index");
        }
        for (long index : indices) {
            if (index < 0 || index >= samples) {
                throw new DataException(describe() + " asked for sample " + index + " in batch " + next
                        + "; the dataset has samples 0 to " + (samples - 1));
            }
        }
        done += indices.length;
        return new Selection(next++, new IndexList(indices), done, -1);
    }

    private String describe() {
        return "The sampler " + sampler.getClass().getName();
    }
}
