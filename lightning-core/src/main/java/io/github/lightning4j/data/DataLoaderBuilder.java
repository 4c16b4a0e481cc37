package io.github.lightning4j.data;

import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.data.augment.SampleTransform;
import io.github.lightning4j.data.internal.OrderedPlan;
import io.github.lightning4j.internal.torch.DatasetFields;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link DataLoader}; made by {@link DataLoader#builder}. */
public final class DataLoaderBuilder {
    private static final int UNSET = -1;

    final RandomAccessDataset dataset;
    final List<SampleTransform> augmentations = new ArrayList<>();
    int batchSize = UNSET;
    boolean shuffle;
    boolean dropLast;

    @Nullable
    Sampler sampler;

    int prefetch = UNSET;
    String name = "data";
    private int workers = UNSET;
    private @Nullable Batchifier dataBatchifier;
    private @Nullable Batchifier labelBatchifier;

    DataLoaderBuilder(RandomAccessDataset dataset) {
        this.dataset = dataset;
    }

    /**
     * Sets how many samples a batch has.
     *
     * @param batchSize at least 1; there is no default
     * @return this builder
     * @throws ConfigurationException if it is below 1
     */
    public DataLoaderBuilder batchSize(int batchSize) {
        this.batchSize = atLeast(1, batchSize, "batchSize");
        return this;
    }

    /**
     * Sets whether each epoch has a random order of its own, drawn uniformly from all orders. The default is the dataset's
     * order.
     *
     * @param shuffle true for a random order
     * @return this builder
     */
    public DataLoaderBuilder shuffle(boolean shuffle) {
        this.shuffle = shuffle;
        return this;
    }

    /**
     * Sets whether a last batch smaller than the others is left out. The default is to keep it.
     *
     * @param dropLast true to leave it out
     * @return this builder
     */
    public DataLoaderBuilder dropLast(boolean dropLast) {
        this.dropLast = dropLast;
        return this;
    }

    /**
     * Sets who decides which samples make a batch, in place of {@code batchSize}, {@code shuffle} and {@code dropLast}. DJL's
     * random samplers draw from one generator of the process, which is seeded from (seed, epoch) before each pass.
     *
     * @param sampler the sampler; asked for a new iterator at each pass
     * @return this builder
     */
    public DataLoaderBuilder sampler(Sampler sampler) {
        this.sampler = sampler;
        return this;
    }

    /**
     * Sets how samples are joined to a batch, in place of the dataset's own batchifiers.
     *
     * @param data joins the samples' data, {@code PaddingStackBatchifier} for instance
     * @param labels joins the samples' labels
     * @return this builder
     */
    public DataLoaderBuilder collate(Batchifier data, Batchifier labels) {
        dataBatchifier = data;
        labelBatchifier = labels;
        return this;
    }

    /**
     * Adds random changes to the samples' data, applied after the dataset's transforms, in the order given. Samples are then
     * read one by one, also from memory.
     *
     * @param transforms the changes
     * @return this builder
     */
    public DataLoaderBuilder augment(SampleTransform... transforms) {
        augmentations.addAll(List.of(transforms));
        return this;
    }

    /**
     * Sets how many background threads load samples. Batches keep their order whatever the number. The default is 0 for
     * tensors in memory, which are faster without, and 1 for everything else.
     *
     * @param workers 0 to load on the thread that asks for a batch; above 1, the dataset's {@code get} and transforms have to
     *     be safe for several threads
     * @return this builder
     * @throws ConfigurationException if it is negative
     */
    public DataLoaderBuilder workers(int workers) {
        this.workers = atLeast(0, workers, "workers");
        return this;
    }

    /**
     * Sets how many batches may be loaded ahead. The default is two for each worker.
     *
     * @param batches at least 1
     * @return this builder
     * @throws ConfigurationException if it is below 1
     */
    public DataLoaderBuilder prefetch(int batches) {
        prefetch = atLeast(1, batches, "prefetch");
        return this;
    }

    /**
     * Sets what messages and threads call the loader.
     *
     * @param name a short name such as "train"
     * @return this builder
     */
    public DataLoaderBuilder name(String name) {
        this.name = name;
        return this;
    }

    /**
     * Prepares the dataset and builds the loader.
     *
     * @return the loader
     * @throws ConfigurationException if settings exclude each other, or neither a batch size nor a sampler is given
     * @throws DataException if the dataset cannot be prepared, is empty or has more than 2^31 - 1 samples, or leaving out the
     *     last batch leaves none
     */
    public DataLoader build() {
        checkOrder();
        long samples = samples();
        if (sampler == null && OrderedPlan.batches(samples, batchSize, dropLast) == 0) {
            throw new DataException("dropLast(true) leaves no batch: the dataset has " + samples
                    + " samples and a batch " + batchSize + "; keep the last batch or take a smaller batchSize");
        }
        DatasetFields own = DatasetFields.of(dataset);
        DatasetFields fields = dataBatchifier == null || labelBatchifier == null
                ? own
                : new DatasetFields(dataBatchifier, labelBatchifier, own.pipeline(), own.targetPipeline());
        ReaderKind reader = ReaderKind.of(dataset, fields, !augmentations.isEmpty());
        checkReading(own, reader);
        return new DataLoader(this, samples, fields, reader);
    }

    private void checkOrder() {
        if (sampler == null) {
            require(batchSize != UNSET, "A data loader needs a batchSize, or a sampler that decides on batches");
        } else {
            require(
                    batchSize == UNSET && !shuffle && !dropLast,
                    "The sampler decides on batchSize, shuffle and dropLast; give either it or them");
        }
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

    private long samples() {
        long samples;
        try {
            dataset.prepare();
            samples = dataset.size();
        } catch (IOException | TranslateException | RuntimeException e) {
            throw new DataException(describe() + " could not be prepared: " + e, e);
        }
        if (samples < 1 || samples > Integer.MAX_VALUE) {
            throw new DataException(describe() + " has " + samples + " samples; expected 1 to " + Integer.MAX_VALUE);
        }
        return samples;
    }

    private String describe() {
        return "The dataset " + dataset.getClass().getName() + " of data loader \"" + name + "\"";
    }

    int workers(ReaderKind reader) {
        if (workers != UNSET) {
            return workers;
        }
        return reader == ReaderKind.TENSORS || reader == ReaderKind.ROWS ? 0 : 1;
    }

    private static int atLeast(int minimum, int value, String what) {
        require(value >= minimum, what + " is " + value + "; expected at least " + minimum);
        return value;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new ConfigurationException(message);
        }
    }
}
