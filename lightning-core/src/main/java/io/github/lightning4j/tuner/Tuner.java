package io.github.lightning4j.tuner;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningDataModule;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Require;
import io.github.lightning4j.trainer.Trainer;
import java.util.function.IntFunction;

/**
 * Finds the learning rate and the batch size of a fit by trial runs before it, with the usual settings; {@link
 * LearningRateFinder} and {@link BatchSizeFinder} have all of them. A trial leaves module, data, files and randomness of the fit
 * untouched: the fit after it gives the bits of a fit without it.
 *
 * <pre>{@code
 * Tuner tuner = new Tuner(trainer);
 * double lr = tuner.lrFind(new LitMnist(config), train).suggestion();
 * int batchSize = tuner.scaleBatchSize(new LitMnist(config), size -> DataLoader.of(digits, size, true));
 * }</pre>
 */
public final class Tuner {
    private final Trainer trainer;

    /**
     * Creates a tuner.
     *
     * @param trainer says how the module is going to be trained
     */
    public Tuner(Trainer trainer) {
        this.trainer = Require.given(trainer, "the Trainer");
    }

    /**
     * Tries learning rates from 1e-8 to 1 in 100 steps.
     *
     * @param module the module, which is as before when this returns
     * @param train the training batches
     * @return the loss at each rate, and a suggestion
     */
    public LearningRateCurve lrFind(LightningModule module, Iterable<Batch> train) {
        return LearningRateFinder.builder(trainer).build().find(module, train);
    }

    /**
     * Tries learning rates from 1e-8 to 1 in 100 steps.
     *
     * @param module the module, which is as before when this returns
     * @param data gives the training batches
     * @return the loss at each rate, and a suggestion
     */
    public LearningRateCurve lrFind(LightningModule module, LightningDataModule data) {
        return LearningRateFinder.builder(trainer).build().find(module, data);
    }

    /**
     * Doubles the batch size from 2 until memory runs out, a batch holds all samples, or it is 8,192.
     *
     * @param module the module, which is as before when this returns
     * @param loaders makes the training batches of a size
     * @return the largest size that was trained
     */
    public int scaleBatchSize(LightningModule module, IntFunction<? extends Iterable<Batch>> loaders) {
        return BatchSizeFinder.builder(trainer).build().find(module, loaders);
    }
}
