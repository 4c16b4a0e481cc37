package io.github.lightning4j;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;
import org.jspecify.annotations.Nullable;

/**
 * The hooks of a {@link LightningModule}: empty, in the order a fit calls them. For each, callbacks come first, unless said
 * otherwise.
 */
public interface ModuleHooks extends LoaderHooks {
    /**
     * Downloads or converts data, once, before anything else.
     *
     * @throws Exception if that fails; the Trainer wraps it
     */
    default void prepareData() throws Exception {}

    /**
     * The run starts.
     *
     * @param stage what for
     * @throws Exception if that fails; the Trainer wraps it
     */
    default void setup(Stage stage) throws Exception {}

    /**
     * The run is over; always called, also after an exception.
     *
     * @param stage as given to {@link #setup}
     * @throws Exception if that fails; the Trainer wraps it
     */
    default void teardown(Stage stage) throws Exception {}

    /** A fit starts: parameters and optimizers are made. */
    default void onFitStart() {}

    /** A fit is over; always called, also after an exception. */
    default void onFitEnd() {}

    /** Training starts. */
    default void onTrainStart() {}

    /** Training is over; always called, also after an exception. */
    default void onTrainEnd() {}

    /** A training epoch starts. Not called again when a run is resumed within an epoch. */
    default void onTrainEpochStart() {}

    /** A training epoch is over, its validation included; called before the callbacks' hooks of that name. */
    default void onTrainEpochEnd() {}

    /**
     * A batch of any stage was read and is still where its source has it.
     *
     * @param batch the batch
     * @param loaderIndex its loader's index, from 0
     * @return the batch, or one made of it by {@link Batches#of}
     */
    default Batch onBeforeBatchTransfer(Batch batch, int loaderIndex) {
        return batch;
    }

    /**
     * A batch of any stage is on the run's device: the place for what works on whole batches, such as {@code MixUp} and
     * {@code CutMix}. Random numbers of libtorch are the same here whenever this batch comes up.
     *
     * @param batch the batch
     * @param loaderIndex its loader's index, from 0
     * @return the batch, or one made of it by {@link Batches#of}
     */
    default Batch onAfterBatchTransfer(Batch batch, int loaderIndex) {
        return batch;
    }

    /**
     * A training batch starts.
     *
     * @param batch the batch
     * @param batchIndex its index in the epoch, from 0
     */
    default void onTrainBatchStart(Batch batch, int batchIndex) {}

    /**
     * A training batch is done, its optimizer step included.
     *
     * @param loss what the training step returned
     * @param batch the batch
     * @param batchIndex its index in the epoch, from 0
     */
    default void onTrainBatchEnd(@Nullable NDArray loss, Batch batch, int batchIndex) {}

    /**
     * Gradients are about to be zeroed: the first batch of an accumulation window.
     *
     * @param optimizer the optimizer
     */
    default void onBeforeZeroGrad(Optimizer optimizer) {}

    /**
     * Backward is about to run.
     *
     * @param loss the loss
     */
    default void onBeforeBackward(NDArray loss) {}

    /**
     * Runs backward: of the loss that the training step returned, or of one given to {@link LightningModule#manualBackward}.
     *
     * @param loss a scalar with a graph
     * @param graph what becomes of its graph; freed under automatic optimization
     */
    default void backward(NDArray loss, BackwardGraph graph) {
        graph.backward(loss);
    }

    /** Backward has run. */
    default void onAfterBackward() {}

    /**
     * Zeroes the gradients of the optimizer's parameters, before the first backward of an accumulation window.
     *
     * @param optimizer the optimizer
     */
    default void optimizerZeroGrad(Optimizer optimizer) {
        optimizer.zeroGrad();
    }

    /**
     * The optimizer is about to step; gradients are averaged over the window and not yet clipped.
     *
     * @param optimizer the optimizer
     */
    default void onBeforeOptimizerStep(Optimizer optimizer) {}

    /**
     * Clips gradients before an optimizer step; by default as the Trainer's options say. Override to clip otherwise, with
     * {@link LightningModule#clipGradients}.
     *
     * @param optimizer the optimizer about to step
     * @param clipValue the Trainer's {@code gradientClipVal}, or 0 if it is off
     * @param algorithm the Trainer's {@code gradientClipAlgorithm}
     */
    default void configureGradientClipping(Optimizer optimizer, double clipValue, GradientClipAlgorithm algorithm) {
        if (clipValue > 0) {
            optimizer.gradients().clip(clipValue, algorithm);
        }
    }

    /**
     * Steps the optimizer, under automatic optimization, after clipping. Override to warm a learning rate up, to step less
     * often, or to leave a step out: without a call of {@code optimizer.step()} nothing counts as a step, and the gradients
     * of the window are dropped. An optimizer that {@linkplain Optimizer#needsClosure needs a closure} gets the loop's.
     *
     * @param optimizer the optimizer; its steps are counted, so step this one
     */
    default void optimizerStep(Optimizer optimizer) {
        optimizer.step();
    }

    /**
     * Steps a scheduler whose interval has come.
     *
     * @param scheduler the scheduler
     * @param metric the value of the metric it monitors, or null if it monitors none
     */
    default void lrSchedulerStep(LrScheduler scheduler, @Nullable Double metric) {
        if (metric == null) {
            scheduler.step();
        } else {
            scheduler.step(metric);
        }
    }

    /** A validation starts. */
    default void onValidationStart() {}

    /** A validation is over. */
    default void onValidationEnd() {}

    /** The validation epoch starts. */
    default void onValidationEpochStart() {}

    /** All validation batches are done; metrics logged here still count. */
    default void onValidationEpochEnd() {}

    /**
     * A validation batch starts.
     *
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    default void onValidationBatchStart(Batch batch, int batchIndex, int loaderIndex) {}

    /**
     * A validation batch is done.
     *
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    default void onValidationBatchEnd(Batch batch, int batchIndex, int loaderIndex) {}

    /**
     * A validation batch is done, with what its step gave; by default {@link #onValidationBatchEnd(Batch, int, int)}.
     *
     * @param outputs what the step gave to {@link LightningModule#outputs}, freed with the batch; empty if it gave nothing
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    default void onValidationBatchEnd(NDList outputs, Batch batch, int batchIndex, int loaderIndex) {
        onValidationBatchEnd(batch, batchIndex, loaderIndex);
    }

    /** A test starts. */
    default void onTestStart() {}

    /** A test is over. */
    default void onTestEnd() {}

    /** The test epoch starts. */
    default void onTestEpochStart() {}

    /** All test batches are done; metrics logged here still count. */
    default void onTestEpochEnd() {}

    /**
     * A test batch starts.
     *
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    default void onTestBatchStart(Batch batch, int batchIndex, int loaderIndex) {}

    /**
     * A test batch is done.
     *
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    default void onTestBatchEnd(Batch batch, int batchIndex, int loaderIndex) {}

    /**
     * A test batch is done, with what its step gave; by default {@link #onTestBatchEnd(Batch, int, int)}.
     *
     * @param outputs what the step gave to {@link LightningModule#outputs}, freed with the batch; empty if it gave nothing
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    default void onTestBatchEnd(NDList outputs, Batch batch, int batchIndex, int loaderIndex) {
        onTestBatchEnd(batch, batchIndex, loaderIndex);
    }

    /** A prediction starts. */
    default void onPredictStart() {}

    /** A prediction is over. */
    default void onPredictEnd() {}

    /** The prediction epoch starts. */
    default void onPredictEpochStart() {}

    /** All batches are predicted. */
    default void onPredictEpochEnd() {}

    /**
     * A prediction batch starts.
     *
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    default void onPredictBatchStart(Batch batch, int batchIndex, int loaderIndex) {}

    /**
     * A prediction batch is done.
     *
     * @param outputs what the step returned
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    default void onPredictBatchEnd(NDList outputs, Batch batch, int batchIndex, int loaderIndex) {}

    /**
     * Adds state of the module's own to a checkpoint, beyond parameters, buffers and metrics.
     *
     * @param state receives it
     */
    default void onSaveCheckpoint(StateWriter state) {}

    /**
     * Restores what {@link #onSaveCheckpoint} wrote.
     *
     * @param state holds it
     */
    default void onLoadCheckpoint(StateReader state) {}
}
