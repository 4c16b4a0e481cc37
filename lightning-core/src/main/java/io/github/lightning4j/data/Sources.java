package io.github.lightning4j.data;

import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.data.internal.DatasetSource;
import io.github.lightning4j.data.internal.IterableSource;
import io.github.lightning4j.internal.torch.DatasetFields;

/** Makes a {@link BatchSource} of whatever batches there are: any iterable, any dataset of DJL. */
public final class Sources {
    private Sources() {}

    /**
     * Adapts an iterable. One that is no {@link BatchSource} cannot be positioned: it is fast-forwarded.
     *
     * @param batches the batches; closed by whoever takes them
     * @return the source, which is the iterable itself if it is one
     */
    public static BatchSource of(Iterable<Batch> batches) {
        return batches instanceof BatchSource source ? source : new IterableSource(batches);
    }

    /**
     * Adapts a DJL dataset, with its own sampler. One of records is read by a {@link DataLoader}, which reads the parts of
     * {@code randomSplit} as they were split, unlike DJL; DJL's generators are seeded from (seed, epoch) before each pass.
     *
     * @param dataset the dataset
     * @return the source
     * @throws ConfigurationException if it is a dataset of records that was built without a sampler
     * @throws io.github.lightning4j.DataException if it is a dataset of records that is empty or cannot be prepared
     */
    public static BatchSource of(Dataset dataset) {
        return dataset instanceof RandomAccessDataset records ? loader(records) : new DatasetSource(dataset);
    }

    private static DataLoader loader(RandomAccessDataset records) {
        Sampler sampler = DatasetFields.sampler(records);
        if (sampler == null) {
            throw new ConfigurationException(records.getClass().getName() + " was built without a sampler, so it has no"
                    + " batch size. Use setSampling(batchSize, random), or give it to a DataLoader.");
        }
        return DataLoader.builder(records).sampler(sampler).build();
    }
}
