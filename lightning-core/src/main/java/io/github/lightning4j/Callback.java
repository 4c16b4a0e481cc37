package io.github.lightning4j;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.internal.name.ClassName;
import org.jspecify.annotations.Nullable;

/**
 * Behaviour added to a run from outside the module. Every hook is empty; override those you need. Hooks that are not
 * overridden cost nothing. Callbacks are called in the order given, each before the module's own hook of that name; {@link
 * #onSavePoint} comes last.
 *
 * <p>A callback's state, if it has any, is saved with every checkpoint under its {@link #stateKey}.
 */
public interface Callback extends Stateful {
    /**
     * The name its state is saved under, the same in every start of a run. Of several callbacks with one name the second and
     * further ones are numbered by their position.
     *
     * @return by default the class's simple name; of an anonymous class, what its name has after the package
     */
    default String stateKey() {
        return ClassName.of(this);
    }

    /**
     * Whether this callback, as it is built now, would let a run go on that it has ended with {@link Run#requestStop}. It is
     * asked when such a run is started again with {@code autoResume}, before anything is set up; unless a callback says so, the run
     * stays over and nothing of it is changed. A callback that says so withdraws its request in {@link #onTrainStart}.
     *
     * @param saved what {@link #save} wrote at the end of the run
     * @return false by default
     */
    default boolean wouldGoOn(StateReader saved) {
        return false;
    }

    /**
     * The run starts; nothing has been set up yet.
     *
     * @param run the run
     * @param stage the first stage: {@code TRAIN}, {@code VALIDATE}, {@code TEST} or {@code PREDICT}
     */
    default void setup(Run run, Stage stage) {}

    /**
     * The run is over; always called, also after an exception.
     *
     * @param run the run
     * @param stage as given to {@link #setup}
     */
    default void teardown(Run run, Stage stage) {}

    /**
     * A fit starts: module and optimizers are made.
     *
     * @param run the run
     */
    default void onFitStart(Run run) {}

    /**
     * A fit is over; always called, also after an exception.
     *
     * @param run the run
     */
    default void onFitEnd(Run run) {}

    /**
     * The sanity check starts.
     *
     * @param run the run
     */
    default void onSanityCheckStart(Run run) {}

    /**
     * The sanity check is over.
     *
     * @param run the run
     */
    default void onSanityCheckEnd(Run run) {}

    /**
     * Training starts.
     *
     * @param run the run
     */
    default void onTrainStart(Run run) {}

    /**
     * Training is over; always called, also after an exception.
     *
     * @param run the run
     */
    default void onTrainEnd(Run run) {}

    /**
     * A training epoch starts. Not called again when a run is resumed within an epoch.
     *
     * @param run the run
     */
    default void onTrainEpochStart(Run run) {}

    /**
     * A training epoch is over, its validation included; epoch metrics are in {@link Run#metrics()}.
     *
     * @param run the run
     */
    default void onTrainEpochEnd(Run run) {}

    /**
     * A training batch starts.
     *
     * @param run the run
     * @param batch the batch, on the run's device
     * @param batchIndex its index in the epoch, from 0
     */
    default void onTrainBatchStart(Run run, Batch batch, int batchIndex) {}

    /**
     * A training batch is done, its optimizer step included.
     *
     * @param run the run
     * @param loss what the training step returned; null if the batch was left out
     * @param batch the batch
     * @param batchIndex its index in the epoch, from 0
     */
    default void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {}

    /**
     * Gradients are about to be zeroed: the first batch of an accumulation window.
     *
     * @param run the run
     * @param optimizer the optimizer
     */
    default void onBeforeZeroGrad(Run run, Optimizer optimizer) {}

    /**
     * Backward is about to run.
     *
     * @param run the run
     * @param loss the loss
     */
    default void onBeforeBackward(Run run, NDArray loss) {}

    /**
     * Backward has run.
     *
     * @param run the run
     */
    default void onAfterBackward(Run run) {}

    /**
     * The optimizer is about to step; gradients are averaged over the window and not yet clipped.
     *
     * @param run the run
     * @param optimizer the optimizer
     */
    default void onBeforeOptimizerStep(Run run, Optimizer optimizer) {}

    /**
     * A validation starts.
     *
     * @param run the run
     */
    default void onValidationStart(Run run) {}

    /**
     * A validation is over; its metrics are in {@link Run#metrics()}.
     *
     * @param run the run
     */
    default void onValidationEnd(Run run) {}

    /**
     * The validation epoch starts.
     *
     * @param run the run
     */
    default void onValidationEpochStart(Run run) {}

    /**
     * All validation batches are done; metrics logged here still count.
     *
     * @param run the run
     */
    default void onValidationEpochEnd(Run run) {}

    /**
     * A validation batch starts.
     *
     * @param run the run
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    default void onValidationBatchStart(Run run, Batch batch, int batchIndex, int loaderIndex) {}

    /**
     * A validation batch is done.
     *
     * @param run the run
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    default void onValidationBatchEnd(Run run, Batch batch, int batchIndex, int loaderIndex) {}

    /**
     * A test starts.
     *
     * @param run the run
     */
    default void onTestStart(Run run) {}

    /**
     * A test is over; its metrics are in {@link Run#metrics()}.
     *
     * @param run the run
     */
    default void onTestEnd(Run run) {}

    /**
     * The test epoch starts.
     *
     * @param run the run
     */
    default void onTestEpochStart(Run run) {}

    /**
     * All test batches are done; metrics logged here still count.
     *
     * @param run the run
     */
    default void onTestEpochEnd(Run run) {}

    /**
     * A test batch starts.
     *
     * @param run the run
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    default void onTestBatchStart(Run run, Batch batch, int batchIndex, int loaderIndex) {}

    /**
     * A test batch is done.
     *
     * @param run the run
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    default void onTestBatchEnd(Run run, Batch batch, int batchIndex, int loaderIndex) {}

    /**
     * A prediction starts.
     *
     * @param run the run
     */
    default void onPredictStart(Run run) {}

    /**
     * A prediction is over.
     *
     * @param run the run
     */
    default void onPredictEnd(Run run) {}

    /**
     * The prediction epoch starts.
     *
     * @param run the run
     */
    default void onPredictEpochStart(Run run) {}

    /**
     * All batches are predicted.
     *
     * @param run the run
     */
    default void onPredictEpochEnd(Run run) {}

    /**
     * A prediction batch starts.
     *
     * @param run the run
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    default void onPredictBatchStart(Run run, Batch batch, int batchIndex, int loaderIndex) {}

    /**
     * A prediction batch is done.
     *
     * @param run the run
     * @param outputs what the step returned
     * @param batch the batch
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    default void onPredictBatchEnd(Run run, NDList outputs, Batch batch, int batchIndex, int loaderIndex) {}

    /**
     * The state of the fit is complete: the place to save a checkpoint.
     *
     * @param run the run
     * @param point where in the loop
     */
    default void onSavePoint(Run run, SavePoint point) {}

    /**
     * A checkpoint is about to be written, of whatever kind: the place to put other weights into the module, which it shall
     * hold.
     *
     * @param run the run
     */
    default void onBeforeSave(Run run) {}

    /**
     * The state of a checkpoint was taken: what was changed in {@link #onBeforeSave} is put back. Also called if that failed.
     *
     * @param run the run
     */
    default void onAfterSave(Run run) {}

    /**
     * An exception ends the run; it is rethrown after all teardown.
     *
     * @param run the run
     * @param failure the exception
     */
    default void onException(Run run, Throwable failure) {}

    @Override
    default void save(StateWriter state) {}

    @Override
    default void load(StateReader state) {}
}
