package io.github.lightning4j.tuner;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Require;
import io.github.lightning4j.data.Sources;
import io.github.lightning4j.internal.torch.NativeOutOfMemory;
import io.github.lightning4j.trainer.Trainer;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the largest batch size that memory holds by training some steps at each size. Each trial starts from the same module and
 * leaves it as it was; memory that a trial used is given back before the next.
 *
 * <pre>{@code
 * int size = BatchSizeFinder.builder(trainer)
 *         .mode(ScaleMode.BINSEARCH)
 *         .build()
 *         .find(module, size -> DataLoader.of(digits, size, true));
 * }</pre>
 *
 * <p>It is meant for GPUs. On a CPU the system may end a process that asks for more memory than there is, before it is told that
 * there is none: set {@link Builder#maxVal} there.
 */
public final class BatchSizeFinder {
    private static final Logger LOG = LoggerFactory.getLogger(BatchSizeFinder.class);

    private final Trainer trainer;
    private final ScaleMode mode;
    private final int stepsPerTrial;
    private final int initVal;
    private final int maxVal;
    private final int maxTrials;
    private final double margin;

    private BatchSizeFinder(Builder builder) {
        trainer = builder.trainer;
        mode = builder.mode;
        stepsPerTrial = builder.stepsPerTrial;
        initVal = builder.initVal;
        maxVal = builder.maxVal;
        maxTrials = builder.maxTrials;
        margin = builder.margin;
    }

    /**
     * Starts a finder.
     *
     * @param trainer says how the module is going to be trained: device, dtype, accumulation, clipping
     * @return the builder
     */
    public static Builder builder(Trainer trainer) {
        return new Builder(trainer);
    }

    /**
     * Tries sizes.
     *
     * @param module the module, initialised or not; it is as before when this returns
     * @param loaders makes the training batches of a size; called for each size that is tried
     * @return the largest size that was trained, under {@code BINSEARCH} less the margin
     * @throws LightningException if not even a batch of one sample fits
     */
    public int find(LightningModule module, IntFunction<? extends Iterable<Batch>> loaders) {
        Require.given(module, "the module");
        Require.given(loaders, "what makes the loaders");
        SizeSearch search = new SizeSearch(mode, initVal, maxVal);
        for (int trial = 0; trial < maxTrials && !search.isOver(); trial++) {
            attempt(module, loaders, search);
        }
        int found = search.largest();
        int size = mode == ScaleMode.BINSEARCH ? Math.max(1, (int) (found * (1 - margin))) : found;
        LOG.info("batch size {}", size);
        return size;
    }

    private void attempt(LightningModule module, IntFunction<? extends Iterable<Batch>> loaders, SizeSearch search) {
        int size = search.next();
        BatchSource train = Sources.of(Require.given(loaders.apply(size), "the loader of batch size " + size));
        if (fits(module, train)) {
            LOG.info("batch size {} fits", size);
            search.fitted(train.batchCount() == 1);
        } else {
            LOG.info("batch size {} does not fit into memory", size);
            search.failed();
        }
    }

    private boolean fits(LightningModule module, BatchSource train) {
        try (ModuleState before = new ModuleState(module)) {
            trainer.forTrial(stepsPerTrial).fit(module, train);
            return true;
        } catch (RuntimeException | OutOfMemoryError e) {
            if (!NativeOutOfMemory.caused(e)) {
                throw e;
            }
            return false;
        } finally {
            NativeOutOfMemory.release();
        }
    }

    /** Settings of a finder, made by {@link BatchSizeFinder#builder}; the defaults are Lightning's. */
    public static final class Builder {
        private final Trainer trainer;
        private ScaleMode mode = ScaleMode.POWER;
        private int stepsPerTrial = 3;
        private int initVal = 2;
        private int maxVal = 8192;
        private int maxTrials = 25;
        private double margin = 0.05;

        private Builder(Trainer trainer) {
            this.trainer = Require.given(trainer, "the Trainer");
        }

        /**
         * How the size is searched for.
         *
         * @param mode by default {@code POWER}
         * @return this
         */
        public Builder mode(ScaleMode mode) {
            this.mode = Require.given(mode, "mode");
            return this;
        }

        /**
         * The optimizer steps at each size.
         *
         * @param steps at least 1; 3 by default
         * @return this
         */
        public Builder stepsPerTrial(int steps) {
            stepsPerTrial = Require.atLeast(1, steps, "stepsPerTrial");
            return this;
        }

        /**
         * The first size.
         *
         * @param size at least 1; 2 by default
         * @return this
         */
        public Builder initVal(int size) {
            initVal = Require.atLeast(1, size, "initVal");
            return this;
        }

        /**
         * The largest size that is tried.
         *
         * @param size at least {@link #initVal}; 8,192 by default
         * @return this
         */
        public Builder maxVal(int size) {
            maxVal = Require.atLeast(1, size, "maxVal");
            return this;
        }

        /**
         * How many sizes are tried at most.
         *
         * @param trials at least 1; 25 by default
         * @return this
         */
        public Builder maxTrials(int trials) {
            maxTrials = Require.atLeast(1, trials, "maxTrials");
            return this;
        }

        /**
         * What {@code BINSEARCH} leaves free of the size it finds, since memory need is not the same at every step.
         *
         * @param share from 0 to below 1; 0.05 by default
         * @return this
         */
        public Builder margin(double share) {
            margin = Require.belowOne(share, "margin");
            return this;
        }

        /**
         * Builds the finder.
         *
         * @return the finder
         * @throws io.github.lightning4j.ConfigurationException if the first size is above the largest
         */
        public BatchSizeFinder build() {
            Require.that(initVal <= maxVal, "initVal", initVal, "at most maxVal, which is " + maxVal, "");
            return new BatchSizeFinder(this);
        }
    }
}
