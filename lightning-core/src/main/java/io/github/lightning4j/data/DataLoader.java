package io.github.lightning4j.data;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Seeds.Purpose;
import io.github.lightning4j.data.augment.SampleTransform;
import io.github.lightning4j.data.internal.Augmentation;
import io.github.lightning4j.data.internal.BatchLoader;
import io.github.lightning4j.data.internal.BatchPlan;
import io.github.lightning4j.data.internal.DirectCursor;
import io.github.lightning4j.data.internal.OrderedPlan;
import io.github.lightning4j.data.internal.Permutation;
import io.github.lightning4j.data.internal.PrefetchCursor;
import io.github.lightning4j.data.internal.SamplerPlan;
import io.github.lightning4j.internal.torch.DatasetFields;
import io.github.lightning4j.internal.torch.MemoryScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of a DJL dataset, in an order that is a function of (seed, epoch) alone and that can be entered at any
 * batch without loading those before it.
 *
 * <p>The dataset's own transforms and batchifiers apply as in DJL; the sampler it was built with does not, unless it is
 * given to {@link DataLoaderBuilder#sampler}. Tensors in memory ({@link TensorDataset} and DJL's {@code ArrayDataset}) are
 * gathered natively on the calling thread; a batch is a copy, so changing it in place leaves the dataset alone. Samples of
 * other datasets are loaded ahead by a background thread, which calls the dataset's {@code get}.
 *
 * <p>A loader holds no native memory and no thread of its own: each pass does, until its cursor is closed. DJL's random
 * transforms draw from generators of the whole process and are therefore no function of the seed; use {@link
 * DataLoaderBuilder#augment} for what has to be.
 */
public final class DataLoader implements BatchSource {
    private final RandomAccessDataset dataset;
    private final String name;
    private final long samples;
    private final int batchSize;
    private final boolean shuffle;
    private final boolean dropLast;
    private final @Nullable Sampler sampler;
    private final DatasetFields fields;
    private final List<SampleTransform> augmentations;
    private final ReaderKind reader;
    private final int workers;
    private final int prefetch;

    /** The builder has checked everything. */
    DataLoader(DataLoaderBuilder builder, long samples, DatasetFields fields, ReaderKind reader) {
        this.samples = samples;
        this.fields = fields;
        this.reader = reader;
        dataset = builder.dataset;
        name = builder.name;
        batchSize = builder.batchSize;
        shuffle = builder.shuffle;
        dropLast = builder.dropLast;
        sampler = builder.sampler;
        augmentations = List.copyOf(builder.augmentations);
        workers = builder.workers(reader);
        prefetch = builder.prefetch > 0 ? builder.prefetch : 2 * workers;
    }

    /**
     * Starts a loader.
     *
     * @param dataset what to load from; its {@code prepare} is called by {@code build}
     * @return a builder, which needs a batch size or a sampler
     */
    public static DataLoaderBuilder builder(RandomAccessDataset dataset) {
        return new DataLoaderBuilder(dataset);
    }

    /**
     * A loader in the dataset's order, with a smaller last batch if the sizes do not divide.
     *
     * @param dataset what to load from
     * @param batchSize the number of samples in a batch, at least 1
     * @return the loader
     * @throws io.github.lightning4j.ConfigurationException if the batch size is below 1
     * @throws DataException if the dataset is empty or cannot be prepared
     */
    public static DataLoader of(RandomAccessDataset dataset, int batchSize) {
        return of(dataset, batchSize, false);
    }

    /**
     * A loader with a smaller last batch if the sizes do not divide.
     *
     * @param dataset what to load from
     * @param batchSize the number of samples in a batch, at least 1
     * @param shuffle whether each epoch has a random order of its own
     * @return the loader
     * @throws io.github.lightning4j.ConfigurationException if the batch size is below 1
     * @throws DataException if the dataset is empty or cannot be prepared
     */
    public static DataLoader of(RandomAccessDataset dataset, int batchSize, boolean shuffle) {
        return builder(dataset).batchSize(batchSize).shuffle(shuffle).build();
    }

    @Override
    public long batchCount() {
        return sampler == null ? OrderedPlan.batches(samples, batchSize, dropLast) : -1;
    }

    /**
     * Starts one epoch's pass.
     *
     * @param manager the parent of every batch's manager; batches are put on its device
     * @param seeds the run's seeds; the order comes from {@link Purpose#SHUFFLE}, augmentation from {@link
     *     Purpose#AUGMENT}, and DJL's shared Java generator is seeded from {@link Purpose#DATASET} if a sampler of the user's
     *     is in use
     * @param epoch the epoch, from 0
     * @param skip the number of leading batches to leave out, from 0 to {@link #batchCount}; none of them is loaded
     * @return the cursor, to be closed by the caller; a batch whose samples cannot be loaded is a {@link DataException} of
     *     its {@code next}, after which the next call goes on with the following batch
     * @throws DataException if {@code skip} is negative or larger than the number of batches, or the sampler gives none
     */
    @Override
    public BatchCursor open(NDManager manager, Seeds seeds, long epoch, long skip) {
        BatchPlan plan = plan(seeds, epoch, skip);
        Augmentation augmentation = new Augmentation(augmentations, seeds, epoch);
        return MemoryScope.outside(() -> {
            BatchLoader loading = new BatchLoader(manager, reader.open(dataset, fields, augmentation, manager));
            return workers == 0
                    ? new DirectCursor(plan, loading)
                    : new PrefetchCursor(plan, loading, name, workers, prefetch);
        });
    }

    private BatchPlan plan(Seeds seeds, long epoch, long skip) {
        if (skip < 0) {
            throw new DataException(this + " was asked to skip " + skip + " batches; expected 0 or more");
        }
        if (sampler != null) {
            return new SamplerPlan(sampler, dataset, samples, seeds.of(Purpose.DATASET, epoch, 0), skip);
        }
        if (skip > batchCount()) {
            throw new DataException(this + " was asked to go on after batch " + skip + " of an epoch, but has "
                    + batchCount() + " batches; resume with the batch size and the dataset that the run began with");
        }
        long[] order = shuffle ? Permutation.of((int) samples, seeds.of(Purpose.SHUFFLE, epoch, 0)) : null;
        return new OrderedPlan(order, (int) samples, batchSize, batchCount(), skip);
    }

    /**
     * What is loaded from.
     *
     * @return the dataset given
     */
    public RandomAccessDataset dataset() {
        return dataset;
    }

    /**
     * What messages and threads call this loader.
     *
     * @return the name, "data" if none was given
     */
    public String name() {
        return name;
    }

    /** How samples are read. */
    ReaderKind readerKind() {
        return reader;
    }

    @Override
    public String toString() {
        return "Data loader \"" + name + "\"";
    }
}
