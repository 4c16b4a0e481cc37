package io.github.lightning4j.data;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import ai.djl.translate.Batchifier;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Require;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Seeds.Purpose;
import io.github.lightning4j.data.augment.SampleTransform;
import io.github.lightning4j.data.internal.Augmentation;
import io.github.lightning4j.data.internal.BatchLoader;
import io.github.lightning4j.data.internal.BatchOrder;
import io.github.lightning4j.data.internal.BatchPlan;
import io.github.lightning4j.data.internal.DirectCursor;
import io.github.lightning4j.data.internal.LengthOrder;
import io.github.lightning4j.data.internal.PrefetchCursor;
import io.github.lightning4j.data.internal.SampleOrder;
import io.github.lightning4j.data.internal.SamplerOrder;
import io.github.lightning4j.data.internal.Samples;
import io.github.lightning4j.internal.torch.DatasetFields;
import io.github.lightning4j.internal.torch.MemoryScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of a DJL dataset, in an order that is a function of (seed, epoch) alone and that can be entered at any
 * batch without loading those before it.
 *
 * <p>The dataset's own transforms and batchifiers apply as in DJL; the sampler it was built with does not, unless it is
 * given to {@link Builder#sampler}. Tensors in memory ({@link TensorDataset} and DJL's {@code ArrayDataset}) are
 * gathered natively on the calling thread; a batch is a copy, so changing it in place leaves the dataset alone. Samples of
 * other datasets are loaded ahead by a background thread, which calls the dataset's {@code get}.
 *
 * <p>A loader holds no native memory and no thread of its own: each pass does, until its cursor is closed. DJL's random
 * transforms draw from generators of the whole process and are therefore no function of the seed; use {@link
 * Builder#augment} for what has to be.
 */
public final class DataLoader implements BatchSource {
    private final RandomAccessDataset dataset;
    private final String name;
    private final BatchOrder order;
    private final DatasetFields fields;
    private final List<SampleTransform> augmentations;
    private final ReaderKind reader;
    private final int workers;
    private final int prefetch;

    private DataLoader(Builder builder, BatchOrder order, DatasetFields fields, ReaderKind reader) {
        this.order = order;
        this.fields = fields;
        this.reader = reader;
        dataset = builder.dataset;
        name = builder.name;
        augmentations = List.copyOf(builder.augmentations);
        workers = builder.workers(reader);
        prefetch = builder.prefetch == Builder.UNSET ? 2 * workers : builder.prefetch;
    }

    /**
     * Starts a loader.
     *
     * @param dataset what to load from; its {@code prepare} is called by {@code build}
     * @return a builder, which needs a batch size or a sampler
     */
    public static Builder builder(RandomAccessDataset dataset) {
        return new Builder(dataset);
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
        return order.batchCount();
    }

    @Override
    public Optional<Boolean> shuffles() {
        return Optional.of(order.shuffles());
    }

    /**
     * Starts one epoch's pass.
     *
     * @param manager the parent of every batch's manager; batches are put on its device
     * @param seeds the run's seeds; the order comes from {@link Purpose#SHUFFLE}, augmentation from {@link
     *     Purpose#AUGMENT}, and DJL's shared Java generator is seeded from {@link Purpose#DATASET} if a sampler of the
     *     user's is in use
     * @param epoch the epoch, from 0
     * @param skip the number of leading batches to leave out, from 0 to {@link #batchCount}; none of them is loaded
     * @return the cursor, to be closed by the caller; a batch whose samples cannot be loaded is a {@link DataException}
     *     of its {@code next}, after which the next call goes on with the following batch
     * @throws DataException if {@code skip} is negative or larger than the number of batches, or the sampler gives none
     */
    @Override
    public BatchCursor open(NDManager manager, Seeds seeds, long epoch, long skip) {
        if (skip < 0) {
            throw new DataException(this + " was asked to skip " + skip + " batches; expected 0 or more");
        }
        BatchPlan plan = order.plan(seeds, epoch, skip);
        Augmentation augmentation = new Augmentation(augmentations, seeds, epoch);
        return MemoryScope.outside(() -> {
            BatchLoader loader = new BatchLoader(manager, reader.open(dataset, fields, augmentation, manager));
            return workers == 0
                    ? new DirectCursor(plan, loader)
                    : new PrefetchCursor(plan, loader, name, workers, prefetch);
        });
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
        return describe(name);
    }

    private static String describe(String name) {
        return "Data loader \"" + name + "\"";
    }

    /** Settings of a loader, made by {@link DataLoader#builder}. What is set after {@link #build} changes no loader built. */
    public static final class Builder {
        private static final int UNSET = -1;

        private final RandomAccessDataset dataset;
        private final List<SampleTransform> augmentations = new ArrayList<>();
        private int batchSize = UNSET;
        private boolean shuffle;
        private boolean dropLast;
        private @Nullable Sampler sampler;
        private @Nullable IntUnaryOperator lengths;
        private int workers = UNSET;
        private int prefetch = UNSET;
        private String name = "data";
        private @Nullable Batchifier dataBatchifier;
        private @Nullable Batchifier labelBatchifier;

        private Builder(RandomAccessDataset dataset) {
            this.dataset = Require.given(dataset, "the dataset of a data loader");
        }

        /**
         * Sets how many samples a batch has.
         *
         * @param batchSize at least 1; there is no default
         * @return this builder
         * @throws ConfigurationException if it is below 1
         */
        public Builder batchSize(int batchSize) {
            this.batchSize = Require.atLeast(1, batchSize, "batchSize");
            return this;
        }

        /**
         * Sets whether each epoch has a random order of its own, drawn uniformly from all orders. The default is the
         * dataset's order.
         *
         * @param shuffle true for a random order
         * @return this builder
         */
        public Builder shuffle(boolean shuffle) {
            this.shuffle = shuffle;
            return this;
        }

        /**
         * Sets whether a last batch smaller than the others is left out. The default is to keep it.
         *
         * @param dropLast true to leave it out
         * @return this builder
         */
        public Builder dropLast(boolean dropLast) {
            this.dropLast = dropLast;
            return this;
        }

        /**
         * Sets who decides which samples make a batch, in place of {@code batchSize}, {@code shuffle} and {@code
         * dropLast}. DJL's random samplers draw from one generator of the process, which is seeded from (seed, epoch)
         * before each pass.
         *
         * @param sampler the sampler; asked for a new iterator at each pass
         * @return this builder
         */
        public Builder sampler(Sampler sampler) {
            this.sampler = Require.given(sampler, "sampler");
            return this;
        }

        /**
         * Puts samples of similar length into a batch, so that little has to be padded; needs {@code shuffle(true)}. The
         * order stays random: 50 batches at a time are sorted, and batches shuffled. By default samples are not looked at.
         *
         * @param length the length of a sample, given its index, as in {@code texts::length}; asked for every sample when an
         *     epoch begins
         * @return this builder
         */
        public Builder bucketByLength(IntUnaryOperator length) {
            lengths = Require.given(length, "the length of a sample");
            return this;
        }

        /**
         * Sets how samples are joined to a batch, in place of the dataset's own batchifiers.
         *
         * @param data joins the samples' data, {@code PaddingStackBatchifier} for instance
         * @param labels joins the samples' labels
         * @return this builder
         */
        public Builder collate(Batchifier data, Batchifier labels) {
            dataBatchifier = Require.given(data, "the Batchifier of data");
            labelBatchifier = Require.given(labels, "the Batchifier of labels");
            return this;
        }

        /**
         * Adds random changes to the samples' data, applied after the dataset's transforms, in the order given. Samples
         * are then read one by one, also from memory.
         *
         * @param transforms the changes
         * @return this builder
         */
        public Builder augment(SampleTransform... transforms) {
            augmentations.addAll(Require.allGiven(transforms, "augment"));
            return this;
        }

        /**
         * Sets how many background threads load samples. Batches keep their order whatever the number. The default is 0
         * for tensors in memory, which are faster without, and 1 for everything else.
         *
         * @param workers 0 to load on the thread that asks for a batch; above 1, the dataset's {@code get} and
         *     transforms have to be safe for several threads
         * @return this builder
         * @throws ConfigurationException if it is negative
         */
        public Builder workers(int workers) {
            this.workers = Require.atLeast(0, workers, "workers");
            return this;
        }

        /**
         * Sets how many batches may be loaded ahead. The default is two for each worker.
         *
         * @param batches at least 1
         * @return this builder
         * @throws ConfigurationException if it is below 1
         */
        public Builder prefetch(int batches) {
            prefetch = Require.atLeast(1, batches, "prefetch");
            return this;
        }

        /**
         * Sets what messages and threads call the loader.
         *
         * @param name a short name such as "train"
         * @return this builder
         */
        public Builder name(String name) {
            this.name = Require.given(name, "the name of a data loader");
            return this;
        }

        /**
         * Prepares the dataset and builds the loader.
         *
         * @return the loader
         * @throws ConfigurationException if settings exclude each other, or neither a batch size nor a sampler is given
         * @throws DataException if the dataset cannot be prepared, is empty or has more than 2^31 - 1 samples, or
         *     leaving out the last batch leaves none
         */
        public DataLoader build() {
            checkOrder();
            BatchOrder order = order();
            DatasetFields own = DatasetFields.of(dataset);
            DatasetFields fields = dataBatchifier == null || labelBatchifier == null
                    ? own
                    : new DatasetFields(dataBatchifier, labelBatchifier, own.pipeline(), own.targetPipeline());
            ReaderKind reader = ReaderKind.of(dataset, fields, !augmentations.isEmpty());
            checkReading(own, reader);
            return new DataLoader(this, order, fields, reader);
        }

        private void checkOrder() {
            if (sampler == null) {
                require(batchSize != UNSET, "A data loader needs a batchSize, or a sampler that decides on batches");
            } else {
                require(
                        batchSize == UNSET && !shuffle && !dropLast && lengths == null,
                        "The sampler decides on batchSize, shuffle, dropLast and bucketByLength; give either it or them");
            }
            require(
                    lengths == null || shuffle,
                    "bucketByLength changes the order of samples, so it needs shuffle(true); leave it out to keep the order");
        }

        private BatchOrder order() {
            int samples = Samples.count(
                    dataset, "The dataset " + dataset.getClass().getName() + " of data loader \"" + name + "\"");
            if (sampler != null) {
                return new SamplerOrder(sampler, dataset, samples);
            }
            SampleOrder order = new SampleOrder(describe(name), samples, batchSize, shuffle, dropLast);
            if (order.batchCount() == 0) {
                throw new DataException("dropLast(true) leaves no batch: the dataset has " + samples
                        + " samples and a batch " + batchSize + "; keep the last batch or take a smaller batchSize");
            }
            return lengths == null ? order : new LengthOrder(order, lengths);
        }

        private void checkReading(DatasetFields own, ReaderKind reader) {
            require(
                    reader != ReaderKind.ITERABLE || (dataBatchifier == null && augmentations.isEmpty()),
                    dataset.getClass().getName()
                            + " overrides getData and so makes its batches itself; collate and augment cannot apply");
            boolean transformsBatches = ReaderKind.transformsBatches(dataset, own);
            require(
                    !transformsBatches || augmentations.isEmpty(),
                    "The transforms of " + dataset.getClass().getName()
                            + " see whole batches, augment sees samples; apply those transforms to the tensors beforehand");
            require(
                    workers(reader) > 0 || prefetch == UNSET,
                    "prefetch(" + prefetch + ") needs a background thread; set workers(1) or more");
        }

        private int workers(ReaderKind reader) {
            return workers == UNSET ? reader.usualWorkers() : workers;
        }

        private static void require(boolean condition, String message) {
            if (!condition) {
                throw new ConfigurationException(message);
            }
        }
    }
}
