package io.github.lightning4j.data;

import ai.djl.training.dataset.RandomAccessDataset;

/** One of the ways in which {@link KFold} divides a dataset: what is trained on, and what is held out. */
public final class Fold {
    private final int index;
    private final RandomAccessDataset dataset;
    private final long[] train;
    private final long[] val;

    Fold(int index, RandomAccessDataset dataset, long[] train, long[] val) {
        this.index = index;
        this.dataset = dataset;
        this.train = train;
        this.val = val;
    }

    /**
     * Which fold this is.
     *
     * @return its number, from 0
     */
    public int index() {
        return index;
    }

    /**
     * The samples to train on, in the dataset's order.
     *
     * @return a part that shares the dataset's samples
     */
    public RandomAccessDataset train() {
        return Splits.pick(dataset, train);
    }

    /**
     * The samples that are held out, in the dataset's order.
     *
     * @return a part that shares the dataset's samples
     */
    public RandomAccessDataset val() {
        return Splits.pick(dataset, val);
    }

    /**
     * Where the samples to train on are in the dataset.
     *
     * @return their places, from 0, rising; a copy
     */
    public long[] trainIndices() {
        return train.clone();
    }

    /**
     * Where the samples that are held out are in the dataset.
     *
     * @return their places, from 0, rising; a copy
     */
    public long[] valIndices() {
        return val.clone();
    }

    @Override
    public String toString() {
        return "fold " + index + ": " + train.length + " samples to train on, " + val.length + " held out";
    }
}
