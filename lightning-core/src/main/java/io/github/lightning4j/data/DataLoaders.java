package io.github.lightning4j.data;

import ai.djl.training.dataset.RandomAccessDataset;

/**
 * A loader for training and one for validation.
 *
 * @param train gives the training samples in a new order each epoch
 * @param val gives the validation samples in their own order
 */
public record DataLoaders(DataLoader train, DataLoader val) {
    /**
     * The usual pair: training shuffled, validation in order with batches of twice the size, since it keeps no gradients.
     *
     * @param train the training samples
     * @param val the validation samples
     * @param batchSize the number of samples in a training batch, at least 1
     * @return the loaders, named "train" and "val"
     * @throws io.github.lightning4j.ConfigurationException if the batch size is below 1
     * @throws io.github.lightning4j.DataException if a dataset is empty or cannot be prepared
     */
    public static DataLoaders of(RandomAccessDataset train, RandomAccessDataset val, int batchSize) {
        DataLoader trainLoader = DataLoader.builder(train)
                .batchSize(batchSize)
                .shuffle(true)
                .name("train")
                .build();
        int valBatchSize = (int) Math.min(2L * batchSize, Integer.MAX_VALUE);
        return new DataLoaders(
                trainLoader,
                DataLoader.builder(val).batchSize(valBatchSize).name("val").build());
    }
}
