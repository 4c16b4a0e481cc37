package io.github.lightning4j;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.dataset.Batch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What callbacks and loggers see of a run, and what they can ask of it. Nothing here changes the loop: a callback
 * requests (to stop, to save), the loop decides when.
 */
public interface Run {
    /**
     * What the run is doing.
     *
     * @return the stage
     */
    Stage stage();

    /**
     * Whether this is a fit, also during its validation.
     *
     * @return false for a standalone validate, test or predict
     */
    boolean isFitting();

    /**
     * What tells this run from every other. A run that is resumed from a checkpoint is the run that was saved there.
     *
     * @return the same text over all starts of a run
     */
    String id();

    /**
     * Whether this is a trial run over a few batches, without checkpoints and loggers.
     *
     * @return true under {@code fastDevRun}
     */
    boolean isFastDevRun();

    /**
     * Where the module is run.
     *
     * @return the device
     */
    Device device();

    /**
     * The dtype of the parameters that the run made.
     *
     * @return the Trainer's {@code precision}
     */
    DataType dataType();

    /**
     * The module being run.
     *
     * @return the module
     */
    LightningModule module();

    /**
     * The current epoch.
     *
     * @return the epoch, from 0
     */
    long epoch();

    /**
     * The number of training batches so far in which at least one optimizer stepped.
     *
     * @return 0 before the first step, 1 after it
     */
    long globalStep();

    /**
     * The number of batches of the current training epoch that are done.
     *
     * @return 0 at the epoch's start
     */
    long batchesDone();

    /**
     * Whether the training batch of the current hook is the last of its epoch, as far as that is known from the length of
     * the data.
     *
     * @return false outside a training batch, and where the length is not known
     */
    boolean isLastBatch();

    /**
     * The number of batches in a training epoch, limits applied.
     *
     * @return the count, or -1 if the source does not know
     */
    long trainBatches();

    /**
     * The optimizer steps that the whole fit is going to take, those of earlier starts included: what {@code maxEpochs},
     * {@code maxSteps}, the batches of an epoch and {@code accumulateGradBatches} leave. A requested stop, {@code maxTime}
     * and steps that a module leaves out under manual optimization may end it with fewer.
     *
     * @return the count, or -1 if neither {@code maxSteps} nor both {@code maxEpochs} and the batches of an epoch are known
     */
    long estimatedSteps();

    /**
     * Makes the number of batches an optimizer step is made of depend on the epoch, for this fit. To be called in {@link
     * Callback#setup}, before optimizers are configured, so that {@link #estimatedSteps()} knows it.
     *
     * @param fromEpoch the batches of a step, at least 1, from an epoch on, counted from 0; epoch 0 has a number
     * @throws ConfigurationException if the Trainer's {@code accumulateGradBatches} is not 1, another callback has called
     *     this, or the module optimizes by itself
     * @throws IllegalStateException if the optimizers have been configured
     */
    void accumulateGradBatches(NavigableMap<Long, Integer> fromEpoch);

    /**
     * The number of batches each evaluation loader of the current stage has, limits applied.
     *
     * @return one count a loader, -1 where it is not known
     */
    List<Long> evaluationBatches();

    /**
     * Whether this fit has validation batches, at whatever interval they are used.
     *
     * @return false outside a fit, and in one without validation data or with a limit of none
     */
    boolean hasValidation();

    /**
     * The epoch at which the fit ends if nothing ends it before.
     *
     * @return the number of epochs, or -1 for no limit
     */
    long maxEpochs();

    /**
     * The step at which the fit ends if nothing ends it before.
     *
     * @return the number of optimizer steps, or -1 for no limit
     */
    long maxSteps();

    /**
     * The epochs before which no request of the training itself ends the fit.
     *
     * @return the number of epochs, 0 for none
     */
    long minEpochs();

    /**
     * The steps before which no request of the training itself ends the fit.
     *
     * @return the number of optimizer steps, 0 for none
     */
    long minSteps();

    /**
     * Why the training itself has decided to end, see {@link #requestStop}.
     *
     * @return the reason, or null as long as there is none
     */
    @Nullable
    String stopRequest();

    /**
     * Training samples the loop has put through, over the run.
     *
     * @return the number of samples
     */
    long samplesSeen();

    /**
     * How many values of a metric have become known, over the run. A callback that acts on new values alone compares it
     * with the count when it acted last.
     *
     * @param metric the name it is logged under
     * @return the count, 0 if it has not been logged
     */
    long timesLogged(String metric);

    /**
     * The seed everything random derives from.
     *
     * @return the seeds
     */
    Seeds seeds();

    /**
     * The newest value of everything logged, whether it goes to the loggers or not. Values of steps appear while an
     * epoch runs; values of epochs once they are computed.
     *
     * @return name and value; a snapshot
     */
    Map<String, Double> metrics();

    /**
     * The newest value of what was logged for the progress bar.
     *
     * @return name and value; a snapshot
     */
    Map<String, Double> progressBarMetrics();

    /**
     * The optimizers.
     *
     * @return the optimizers of the fit; none outside one
     */
    List<Optimizer> optimizers();

    /**
     * The schedulers and when they step.
     *
     * @return the schedulers of the fit; none outside one
     */
    List<SchedulerConfig> schedulers();

    /**
     * The loggers.
     *
     * @return the loggers
     */
    List<Logger> loggers();

    /**
     * All callbacks of the run.
     *
     * @return the callbacks, in the order they are called
     */
    List<Callback> callbacks();

    /**
     * The directory of this run's files.
     *
     * @return the directory, or null if the run writes none
     */
    @Nullable
    Path directory();

    /**
     * Logs a number on behalf of a callback.
     *
     * @param name the metric's name
     * @param value its value
     * @param options how to treat it
     * @throws ConfigurationException if the current hook does not allow logging
     */
    void log(String name, double value, LogOptions options);

    /**
     * Hands a row straight to the loggers and {@link #metrics()}, now.
     *
     * @param row name and value
     */
    void logNow(Map<String, Double> row);

    /**
     * Hands a row of times, rates and the like to the loggers alone, now. Since it may differ between two equal runs, it is
     * neither in {@link #metrics()} nor in checkpoints; kits that compare runs leave out names that begin with {@code
     * throughput/} or {@code device/}.
     *
     * @param row name and value
     */
    void logTimes(Map<String, Double> row);

    /**
     * Shows an image, a text, a table or a histogram by the loggers that can, on behalf of a callback; at the same times as
     * that of a module, see {@link LightningModule#logItem}.
     *
     * @param name what it is called
     * @param item makes it, before the arrays of the current step are freed
     * @throws ConfigurationException if the current hook does not allow it
     */
    void logItem(String name, Supplier<? extends LogItem> item);

    /**
     * Goes through the batches of the running epoch's training data once more, in its order. Meanwhile layers behave as in
     * training and nothing is recorded for backward; the generator is seeded for each batch, so the run's own draws stay what
     * they are. To be called between batches: in {@link Callback#onTrainEpochStart}, {@link Callback#onTrainEpochEnd} or {@link
     * Callback#onValidationStart} of a fit.
     *
     * @param action is given each batch, on the run's device; what it makes is freed after each
     * @return false if the thread was interrupted before the last batch
     * @throws IllegalStateException if the run is no fit, or has no data yet
     */
    boolean replayEpoch(Consumer<Batch> action);

    /**
     * Leaves out the current training batch, as if {@code trainingStep} had returned null: no backward, no place in its
     * window, and {@link Callback#onTrainBatchEnd} gets no loss. May be called from {@link Callback#onBeforeBackward} alone,
     * under automatic optimization.
     *
     * @throws IllegalStateException if called elsewhere
     */
    void skipBatch();

    /**
     * Whether the loss of the batch in hand is being evaluated again within an optimizer's step, as by {@code LBFGS}: at weights
     * that are looked at and may be left again. What counts or judges losses leaves these out.
     *
     * @return true in the hooks of such an evaluation
     */
    boolean isReevaluating();

    /**
     * Writes a line to the standard output, above a progress bar that is being drawn there.
     *
     * @param text the line, or several
     */
    void print(String text);

    /**
     * Asks the fit to end after the current batch. Being a decision of the training itself it is part of the saved
     * state; it is held back until {@code minEpochs} and {@code minSteps} are reached.
     *
     * @param reason why, in words, for the log and the result
     */
    void requestStop(String reason);

    /**
     * Takes back a request that {@code minEpochs} or {@code minSteps} have held back so far.
     *
     * @param reason as given to {@link #requestStop}; a request made for another reason stands
     */
    void withdrawStop(String reason);

    /**
     * Ends the training epoch early: with the current batch or, when called in {@code onTrainBatchStart}, before that batch
     * is trained on. Its validation, hooks and schedules follow as at every end of an epoch.
     *
     * @throws IllegalStateException outside a training epoch
     */
    void skipRestOfEpoch();

    /**
     * Why the run is over, for whoever is told of its end.
     *
     * @return the words of {@code FitResult.stopReason()}, or what failed; null as long as the run goes on, and at the end of
     *     an evaluation that did not fail
     */
    @Nullable
    String stopReason();

    /**
     * Asks the fit to finish the current batch, save and return, as {@code Trainer.requestStop()} does: the machine is
     * needed, say. Unlike {@link #requestStop} it is no decision of the training, so a run resumed from there goes on.
     *
     * @param reason why, in words, for the log and the result
     */
    void interrupt(String reason);

    /**
     * Saves a checkpoint. May be called from {@link Callback#onSavePoint} alone, where the state is complete.
     *
     * @param file where; written atomically, parent folders are made
     * @param weightsOnly whether to leave out everything but the weights
     * @throws CheckpointException if it cannot be written; the training state is untouched
     * @throws IllegalStateException if called outside a save point
     */
    void saveCheckpoint(Path file, boolean weightsOnly);

    /**
     * Moves an array out of every open memory scope into the run, which frees it at its end.
     *
     * @param array an array made in the current step
     * @return the same array, cut from the autograd graph
     */
    NDArray keep(NDArray array);
}
