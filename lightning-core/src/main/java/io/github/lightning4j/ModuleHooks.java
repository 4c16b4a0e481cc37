package io.github.lightning4j;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;
import org.jspecify.annotations.Nullable;

/**
 * The hooks of a {@link LightningModule}: empty, in the order a fit calls them. For each, callbacks come first, unless said
 * otherwise.
 */
public abstract class ModuleHooks extends ModuleBlock {
    ModuleHooks() {}

    /**
     * Downloads or converts data, once, before anything else.
     *
     * @throws Exception if that fails; the Trainer wraps it
     */
    public void prepareData() throws Exception {}

    /**
     * The run starts.
     *
     * @param stage what for
     * @throws Exception if that fails; the Trainer wraps it
     */
    public void setup(Stage stage) throws Exception {}

    /**
     * The run is over; always called, also after an exception.
     *
     * @param stage as given to {@link #setup}
     * @throws Exception if that fails; the Trainer wraps it
     */
    public void teardown(Stage stage) throws Exception {}

    /** A fit starts: parameters and optimizers are made. */
    public void onFitStart() {}

    /** A fit is over; always called, also after an exception. */
    public void onFitEnd() {}

    /** Training starts. */
    public void onTrainStart() {}

    /** Training is over; always called, also after an exception. */
    public void onTrainEnd() {}

    /** A training epoch starts. Not called again when a run is resumed within an epoch. */
    public void onTrainEpochStart() {}

    /** A training epoch is over, its validation included; called before the callbacks' hooks of that name. */
    public void onTrainEpochEnd() {}

    /**
     * A training batch starts.
     *
     * @param batch the batch
     * @param batchIndex its index in the epoch, from 0
     */
    public void onTrainBatchStart(Batch batch, int batchIndex) {}

    /**
     * A training batch is done, its optimizer step included.
     *
     * @param loss what the training step returned
     * @param batch the batch
     * @param batchIndex its index in the epoch, from 0
     */
    public void onTrainBatchEnd(@Nullable NDArray loss, Batch batch, int batchIndex) {}

    /**
     * Gradients are about to be zeroed: the first batch of an accumulation window.
     *
     * @param optimizer the optimizer
     */
    public void onBeforeZeroGrad(Optimizer optimizer) {}

    /**
     * Backward is about to run.
     *
     * @param loss the loss
     */
    public void onBeforeBackward(NDArray loss) {}

    /** Backward has run. */
    public void onAfterBackward() {}

    /**
     * The optimizer is about to step; gradients are averaged over the window and not yet clipped.
     *
     * @param optimizer the optimizer
     */
    public void onBeforeOptimizerStep(Optimizer optimizer) {}

    /**
     * Clips gradients before an optimizer step; by default as the Trainer's options say. Override to clip otherwise, with
     * {@link #clipGradients}.
     *
     * @param optimizer the optimizer about to step
     * @param clipValue the Trainer's {@code gradientClipVal}, or 0 if it is off
     * @param algorithm the Trainer's {@code gradientClipAlgorithm}
     */
    public void configureGradientClipping(Optimizer optimizer, double clipValue, GradientClipAlgorithm algorithm) {
        if (clipValue > 0) {
            optimizer.gradients().clip(clipValue, algorithm);
        }
    }

    /** A validation starts. */
    public void onValidationStart() {}

    /** A validation is over. */
    public void onValidationEnd() {}

    /** The validation epoch starts. */
    public void onValidationEpochStart() {}

    /** All validation batches are done; metrics logged here still count. */
    public void onValidationEpochEnd() {}

    /**
     * A validation batch starts.
     *
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    public void onValidationBatchStart(Batch batch, int batchIndex, int loaderIndex) {}

    /**
     * A validation batch is done.
     *
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    public void onValidationBatchEnd(Batch batch, int batchIndex, int loaderIndex) {}

    /** A test starts. */
    public void onTestStart() {}

    /** A test is over. */
    public void onTestEnd() {}

    /** The test epoch starts. */
    public void onTestEpochStart() {}

    /** All test batches are done; metrics logged here still count. */
    public void onTestEpochEnd() {}

    /**
     * A test batch starts.
     *
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    public void onTestBatchStart(Batch batch, int batchIndex, int loaderIndex) {}

    /**
     * A test batch is done.
     *
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    public void onTestBatchEnd(Batch batch, int batchIndex, int loaderIndex) {}

    /** A prediction starts. */
    public void onPredictStart() {}

    /** A prediction is over. */
    public void onPredictEnd() {}

    /**
     * A prediction batch starts.
     *
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    public void onPredictBatchStart(Batch batch, int batchIndex, int loaderIndex) {}

    /**
     * A prediction batch is done.
     *
     * @param outputs what the step returned
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    public void onPredictBatchEnd(NDList outputs, Batch batch, int batchIndex, int loaderIndex) {}

    /**
     * Adds state of the module's own to a checkpoint, beyond parameters, buffers and metrics.
     *
     * @param state receives it
     */
    public void onSaveCheckpoint(StateWriter state) {}

    /**
     * Restores what {@link #onSaveCheckpoint} wrote.
     *
     * @param state holds it
     */
    public void onLoadCheckpoint(StateReader state) {}

    /**
     * Clips the gradients of an optimizer's parameters; {@link Optimizer#gradients} can do more.
     *
     * @param optimizer the optimizer
     * @param value the largest norm, or the largest magnitude of an element; above 0
     * @param algorithm by norm or by value
     * @return the total 2-norm before clipping
     * @throws ConfigurationException if {@code value} is not above 0
     */
    protected final double clipGradients(Optimizer optimizer, double value, GradientClipAlgorithm algorithm) {
        return optimizer.gradients().clip(value, algorithm);
    }

    final ModuleHost host(String method) {
        CallContext context = CallContext.current();
        ModuleHost host = context == null ? null : context.host();
        if (host == null) {
            throw new ConfigurationException(
                    method + " was called outside a run of this module. It works in the hooks that"
                            + " the Trainer calls, on the Trainer's thread.");
        }
        return host;
    }
}
