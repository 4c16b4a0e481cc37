package io.github.lightning4j.data.internal;

import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.translate.TranslateException;
import io.github.lightning4j.DataException;
import java.io.IOException;

/** The samples of a dataset. */
public final class Samples {
    private Samples() {}

    /**
     * Prepares a dataset and counts its samples.
     *
     * @param what what messages call the dataset
     * @return the number of samples, from 1
     * @throws DataException if the dataset cannot be prepared, is empty or has more than 2^31 - 1 samples
     */
    public static int count(RandomAccessDataset dataset, String what) {
        long samples;
        try {
            dataset.prepare();
            samples = dataset.size();
        } catch (IOException | TranslateException | RuntimeException e) {
            throw new DataException(what + " could not be prepared: " + Failures.text(e), e);
        }
        if (samples < 1 || samples > Integer.MAX_VALUE) {
            throw new DataException(what + " has " + samples + " samples; expected 1 to " + Integer.MAX_VALUE);
        }
        return (int) samples;
    }
}
