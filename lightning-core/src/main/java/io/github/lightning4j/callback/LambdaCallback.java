package io.github.lightning4j.callback;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.Stage;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A callback made of lambdas, one for each hook that is wanted.
 *
 * <pre>{@code
 * LambdaCallback.builder()
 *         .onTrainEpochEnd(run -> System.out.println(run.metrics()))
 *         .build()
 * }</pre>
 *
 * <p>The functions are called where {@link Callback}'s methods of the same names are; a hook without one costs a call of
 * nothing. A class of one's own is better as soon as there is something to remember.
 */
public final class LambdaCallback implements Callback {
    /** A function of a training batch that starts. */
    @FunctionalInterface
    public interface OnBatch {
        /**
         * Called with the batch.
         *
         * @param run the run
         * @param batch the batch, on the run's device
         * @param batchIndex its index in the epoch, from 0
         */
        void accept(Run run, Batch batch, int batchIndex);
    }

    /** A function of a training batch that is done. */
    @FunctionalInterface
    public interface OnBatchEnd {
        /**
         * Called with the batch.
         *
         * @param run the run
         * @param loss what the training step returned; null if the batch was left out
         * @param batch the batch
         * @param batchIndex its index in the epoch, from 0
         */
        void accept(Run run, @Nullable NDArray loss, Batch batch, int batchIndex);
    }

    /** A function of a batch of an evaluation or a prediction. */
    @FunctionalInterface
    public interface OnLoaderBatch {
        /**
         * Called with the batch.
         *
         * @param run the run
         * @param batch the batch
         * @param batchIndex its index, from 0
         * @param loaderIndex its loader's index, from 0
         */
        void accept(Run run, Batch batch, int batchIndex, int loaderIndex);
    }

    /** A function of what was predicted for a batch. */
    @FunctionalInterface
    public interface OnPrediction {
        /**
         * Called with the outputs.
         *
         * @param run the run
         * @param outputs what the step returned
         * @param batch the batch
         * @param batchIndex its index, from 0
         * @param loaderIndex its loader's index, from 0
         */
        void accept(Run run, NDList outputs, Batch batch, int batchIndex, int loaderIndex);
    }

    private final @Nullable String stateKey;
    private final Consumer<StateWriter> save;
    private final Consumer<StateReader> load;
    private final BiConsumer<Run, Stage> setup;
    private final BiConsumer<Run, Stage> teardown;
    private final Consumer<Run> onFitStart;
    private final Consumer<Run> onFitEnd;
    private final Consumer<Run> onSanityCheckStart;
    private final Consumer<Run> onSanityCheckEnd;
    private final Consumer<Run> onTrainStart;
    private final Consumer<Run> onTrainEnd;
    private final Consumer<Run> onTrainEpochStart;
    private final Consumer<Run> onTrainEpochEnd;
    private final OnBatch onTrainBatchStart;
    private final OnBatchEnd onTrainBatchEnd;
    private final BiConsumer<Run, Optimizer> onBeforeZeroGrad;
    private final BiConsumer<Run, NDArray> onBeforeBackward;
    private final Consumer<Run> onAfterBackward;
    private final BiConsumer<Run, Optimizer> onBeforeOptimizerStep;
    private final Consumer<Run> onValidationStart;
    private final Consumer<Run> onValidationEnd;
    private final Consumer<Run> onValidationEpochStart;
    private final Consumer<Run> onValidationEpochEnd;
    private final OnLoaderBatch onValidationBatchStart;
    private final OnLoaderBatch onValidationBatchEnd;
    private final Consumer<Run> onTestStart;
    private final Consumer<Run> onTestEnd;
    private final Consumer<Run> onTestEpochStart;
    private final Consumer<Run> onTestEpochEnd;
    private final OnLoaderBatch onTestBatchStart;
    private final OnLoaderBatch onTestBatchEnd;
    private final Consumer<Run> onPredictStart;
    private final Consumer<Run> onPredictEnd;
    private final Consumer<Run> onPredictEpochStart;
    private final Consumer<Run> onPredictEpochEnd;
    private final OnLoaderBatch onPredictBatchStart;
    private final OnPrediction onPredictBatchEnd;
    private final BiConsumer<Run, SavePoint> onSavePoint;
    private final Consumer<Run> onBeforeSave;
    private final Consumer<Run> onAfterSave;
    private final BiConsumer<Run, Throwable> onException;

    private LambdaCallback(Builder builder) {
        stateKey = builder.stateKey;
        save = builder.save;
        load = builder.load;
        setup = builder.setup;
        teardown = builder.teardown;
        onFitStart = builder.onFitStart;
        onFitEnd = builder.onFitEnd;
        onSanityCheckStart = builder.onSanityCheckStart;
        onSanityCheckEnd = builder.onSanityCheckEnd;
        onTrainStart = builder.onTrainStart;
        onTrainEnd = builder.onTrainEnd;
        onTrainEpochStart = builder.onTrainEpochStart;
        onTrainEpochEnd = builder.onTrainEpochEnd;
        onTrainBatchStart = builder.onTrainBatchStart;
        onTrainBatchEnd = builder.onTrainBatchEnd;
        onBeforeZeroGrad = builder.onBeforeZeroGrad;
        onBeforeBackward = builder.onBeforeBackward;
        onAfterBackward = builder.onAfterBackward;
        onBeforeOptimizerStep = builder.onBeforeOptimizerStep;
        onValidationStart = builder.onValidationStart;
        onValidationEnd = builder.onValidationEnd;
        onValidationEpochStart = builder.onValidationEpochStart;
        onValidationEpochEnd = builder.onValidationEpochEnd;
        onValidationBatchStart = builder.onValidationBatchStart;
        onValidationBatchEnd = builder.onValidationBatchEnd;
        onTestStart = builder.onTestStart;
        onTestEnd = builder.onTestEnd;
        onTestEpochStart = builder.onTestEpochStart;
        onTestEpochEnd = builder.onTestEpochEnd;
        onTestBatchStart = builder.onTestBatchStart;
        onTestBatchEnd = builder.onTestBatchEnd;
        onPredictStart = builder.onPredictStart;
        onPredictEnd = builder.onPredictEnd;
        onPredictEpochStart = builder.onPredictEpochStart;
        onPredictEpochEnd = builder.onPredictEpochEnd;
        onPredictBatchStart = builder.onPredictBatchStart;
        onPredictBatchEnd = builder.onPredictBatchEnd;
        onSavePoint = builder.onSavePoint;
        onBeforeSave = builder.onBeforeSave;
        onAfterSave = builder.onAfterSave;
        onException = builder.onException;
    }

    /**
     * Starts with a callback that does nothing.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link LambdaCallback}; each method sets what is done in one hook, in place of what was set before. */
    public static final class Builder {
        private @Nullable String stateKey;
        private Consumer<StateWriter> save = state -> {};
        private Consumer<StateReader> load = state -> {};
        private BiConsumer<Run, Stage> setup = (run, stage) -> {};
        private BiConsumer<Run, Stage> teardown = (run, stage) -> {};
        private Consumer<Run> onFitStart = run -> {};
        private Consumer<Run> onFitEnd = run -> {};
        private Consumer<Run> onSanityCheckStart = run -> {};
        private Consumer<Run> onSanityCheckEnd = run -> {};
        private Consumer<Run> onTrainStart = run -> {};
        private Consumer<Run> onTrainEnd = run -> {};
        private Consumer<Run> onTrainEpochStart = run -> {};
        private Consumer<Run> onTrainEpochEnd = run -> {};
        private OnBatch onTrainBatchStart = (run, batch, batchIndex) -> {};
        private OnBatchEnd onTrainBatchEnd = (run, loss, batch, batchIndex) -> {};
        private BiConsumer<Run, Optimizer> onBeforeZeroGrad = (run, optimizer) -> {};
        private BiConsumer<Run, NDArray> onBeforeBackward = (run, loss) -> {};
        private Consumer<Run> onAfterBackward = run -> {};
        private BiConsumer<Run, Optimizer> onBeforeOptimizerStep = (run, optimizer) -> {};
        private Consumer<Run> onValidationStart = run -> {};
        private Consumer<Run> onValidationEnd = run -> {};
        private Consumer<Run> onValidationEpochStart = run -> {};
        private Consumer<Run> onValidationEpochEnd = run -> {};
        private OnLoaderBatch onValidationBatchStart = (run, batch, batchIndex, loaderIndex) -> {};
        private OnLoaderBatch onValidationBatchEnd = (run, batch, batchIndex, loaderIndex) -> {};
        private Consumer<Run> onTestStart = run -> {};
        private Consumer<Run> onTestEnd = run -> {};
        private Consumer<Run> onTestEpochStart = run -> {};
        private Consumer<Run> onTestEpochEnd = run -> {};
        private OnLoaderBatch onTestBatchStart = (run, batch, batchIndex, loaderIndex) -> {};
        private OnLoaderBatch onTestBatchEnd = (run, batch, batchIndex, loaderIndex) -> {};
        private Consumer<Run> onPredictStart = run -> {};
        private Consumer<Run> onPredictEnd = run -> {};
        private Consumer<Run> onPredictEpochStart = run -> {};
        private Consumer<Run> onPredictEpochEnd = run -> {};
        private OnLoaderBatch onPredictBatchStart = (run, batch, batchIndex, loaderIndex) -> {};
        private OnPrediction onPredictBatchEnd = (run, outputs, batch, batchIndex, loaderIndex) -> {};
        private BiConsumer<Run, SavePoint> onSavePoint = (run, point) -> {};
        private Consumer<Run> onBeforeSave = run -> {};
        private Consumer<Run> onAfterSave = run -> {};
        private BiConsumer<Run, Throwable> onException = (run, failure) -> {};

        private Builder() {}

        /**
         * Sets the name that its state is saved under; {@code LambdaCallback} by default.
         *
         * @param name a name without a slash
         * @return this
         */
        public Builder stateKey(String name) {
            stateKey = Require.name(name, "the stateKey of a LambdaCallback");
            return this;
        }

        /**
         * Sets how its state is saved with a checkpoint.
         *
         * @param function writes it
         * @return this
         */
        public Builder save(Consumer<StateWriter> function) {
            save = Require.given(function, "save of a LambdaCallback");
            return this;
        }

        /**
         * Sets how its state is loaded from a checkpoint.
         *
         * @param function reads all that {@link #save} has written
         * @return this
         */
        public Builder load(Consumer<StateReader> function) {
            load = Require.given(function, "load of a LambdaCallback");
            return this;
        }

        /**
         * The run starts; nothing has been set up yet.
         *
         * @param function what is done in {@link Callback#setup}
         * @return this
         */
        public Builder setup(BiConsumer<Run, Stage> function) {
            setup = Require.given(function, "setup of a LambdaCallback");
            return this;
        }

        /**
         * The run is over; always called, also after an exception.
         *
         * @param function what is done in {@link Callback#teardown}
         * @return this
         */
        public Builder teardown(BiConsumer<Run, Stage> function) {
            teardown = Require.given(function, "teardown of a LambdaCallback");
            return this;
        }

        /**
         * A fit starts: module and optimizers are made.
         *
         * @param function what is done in {@link Callback#onFitStart}
         * @return this
         */
        public Builder onFitStart(Consumer<Run> function) {
            onFitStart = Require.given(function, "onFitStart of a LambdaCallback");
            return this;
        }

        /**
         * A fit is over; always called, also after an exception.
         *
         * @param function what is done in {@link Callback#onFitEnd}
         * @return this
         */
        public Builder onFitEnd(Consumer<Run> function) {
            onFitEnd = Require.given(function, "onFitEnd of a LambdaCallback");
            return this;
        }

        /**
         * The sanity check starts.
         *
         * @param function what is done in {@link Callback#onSanityCheckStart}
         * @return this
         */
        public Builder onSanityCheckStart(Consumer<Run> function) {
            onSanityCheckStart = Require.given(function, "onSanityCheckStart of a LambdaCallback");
            return this;
        }

        /**
         * The sanity check is over.
         *
         * @param function what is done in {@link Callback#onSanityCheckEnd}
         * @return this
         */
        public Builder onSanityCheckEnd(Consumer<Run> function) {
            onSanityCheckEnd = Require.given(function, "onSanityCheckEnd of a LambdaCallback");
            return this;
        }

        /**
         * Training starts.
         *
         * @param function what is done in {@link Callback#onTrainStart}
         * @return this
         */
        public Builder onTrainStart(Consumer<Run> function) {
            onTrainStart = Require.given(function, "onTrainStart of a LambdaCallback");
            return this;
        }

        /**
         * Training is over; always called, also after an exception.
         *
         * @param function what is done in {@link Callback#onTrainEnd}
         * @return this
         */
        public Builder onTrainEnd(Consumer<Run> function) {
            onTrainEnd = Require.given(function, "onTrainEnd of a LambdaCallback");
            return this;
        }

        /**
         * A training epoch starts. Not called again when a run is resumed within an epoch.
         *
         * @param function what is done in {@link Callback#onTrainEpochStart}
         * @return this
         */
        public Builder onTrainEpochStart(Consumer<Run> function) {
            onTrainEpochStart = Require.given(function, "onTrainEpochStart of a LambdaCallback");
            return this;
        }

        /**
         * A training epoch is over, its validation included; epoch metrics are in {@link Run#metrics()}.
         *
         * @param function what is done in {@link Callback#onTrainEpochEnd}
         * @return this
         */
        public Builder onTrainEpochEnd(Consumer<Run> function) {
            onTrainEpochEnd = Require.given(function, "onTrainEpochEnd of a LambdaCallback");
            return this;
        }

        /**
         * A training batch starts.
         *
         * @param function what is done in {@link Callback#onTrainBatchStart}
         * @return this
         */
        public Builder onTrainBatchStart(OnBatch function) {
            onTrainBatchStart = Require.given(function, "onTrainBatchStart of a LambdaCallback");
            return this;
        }

        /**
         * A training batch is done, its optimizer step included.
         *
         * @param function what is done in {@link Callback#onTrainBatchEnd}
         * @return this
         */
        public Builder onTrainBatchEnd(OnBatchEnd function) {
            onTrainBatchEnd = Require.given(function, "onTrainBatchEnd of a LambdaCallback");
            return this;
        }

        /**
         * Gradients are about to be zeroed: the first batch of an accumulation window.
         *
         * @param function what is done in {@link Callback#onBeforeZeroGrad}
         * @return this
         */
        public Builder onBeforeZeroGrad(BiConsumer<Run, Optimizer> function) {
            onBeforeZeroGrad = Require.given(function, "onBeforeZeroGrad of a LambdaCallback");
            return this;
        }

        /**
         * Backward is about to run.
         *
         * @param function what is done in {@link Callback#onBeforeBackward}
         * @return this
         */
        public Builder onBeforeBackward(BiConsumer<Run, NDArray> function) {
            onBeforeBackward = Require.given(function, "onBeforeBackward of a LambdaCallback");
            return this;
        }

        /**
         * Backward has run.
         *
         * @param function what is done in {@link Callback#onAfterBackward}
         * @return this
         */
        public Builder onAfterBackward(Consumer<Run> function) {
            onAfterBackward = Require.given(function, "onAfterBackward of a LambdaCallback");
            return this;
        }

        /**
         * The optimizer is about to step; gradients are averaged over the window and not yet clipped.
         *
         * @param function what is done in {@link Callback#onBeforeOptimizerStep}
         * @return this
         */
        public Builder onBeforeOptimizerStep(BiConsumer<Run, Optimizer> function) {
            onBeforeOptimizerStep = Require.given(function, "onBeforeOptimizerStep of a LambdaCallback");
            return this;
        }

        /**
         * A validation starts.
         *
         * @param function what is done in {@link Callback#onValidationStart}
         * @return this
         */
        public Builder onValidationStart(Consumer<Run> function) {
            onValidationStart = Require.given(function, "onValidationStart of a LambdaCallback");
            return this;
        }

        /**
         * A validation is over; its metrics are in {@link Run#metrics()}.
         *
         * @param function what is done in {@link Callback#onValidationEnd}
         * @return this
         */
        public Builder onValidationEnd(Consumer<Run> function) {
            onValidationEnd = Require.given(function, "onValidationEnd of a LambdaCallback");
            return this;
        }

        /**
         * The validation epoch starts.
         *
         * @param function what is done in {@link Callback#onValidationEpochStart}
         * @return this
         */
        public Builder onValidationEpochStart(Consumer<Run> function) {
            onValidationEpochStart = Require.given(function, "onValidationEpochStart of a LambdaCallback");
            return this;
        }

        /**
         * All validation batches are done; metrics logged here still count.
         *
         * @param function what is done in {@link Callback#onValidationEpochEnd}
         * @return this
         */
        public Builder onValidationEpochEnd(Consumer<Run> function) {
            onValidationEpochEnd = Require.given(function, "onValidationEpochEnd of a LambdaCallback");
            return this;
        }

        /**
         * A validation batch starts.
         *
         * @param function what is done in {@link Callback#onValidationBatchStart}
         * @return this
         */
        public Builder onValidationBatchStart(OnLoaderBatch function) {
            onValidationBatchStart = Require.given(function, "onValidationBatchStart of a LambdaCallback");
            return this;
        }

        /**
         * A validation batch is done.
         *
         * @param function what is done in {@link Callback#onValidationBatchEnd}
         * @return this
         */
        public Builder onValidationBatchEnd(OnLoaderBatch function) {
            onValidationBatchEnd = Require.given(function, "onValidationBatchEnd of a LambdaCallback");
            return this;
        }

        /**
         * A test starts.
         *
         * @param function what is done in {@link Callback#onTestStart}
         * @return this
         */
        public Builder onTestStart(Consumer<Run> function) {
            onTestStart = Require.given(function, "onTestStart of a LambdaCallback");
            return this;
        }

        /**
         * A test is over; its metrics are in {@link Run#metrics()}.
         *
         * @param function what is done in {@link Callback#onTestEnd}
         * @return this
         */
        public Builder onTestEnd(Consumer<Run> function) {
            onTestEnd = Require.given(function, "onTestEnd of a LambdaCallback");
            return this;
        }

        /**
         * The test epoch starts.
         *
         * @param function what is done in {@link Callback#onTestEpochStart}
         * @return this
         */
        public Builder onTestEpochStart(Consumer<Run> function) {
            onTestEpochStart = Require.given(function, "onTestEpochStart of a LambdaCallback");
            return this;
        }

        /**
         * All test batches are done; metrics logged here still count.
         *
         * @param function what is done in {@link Callback#onTestEpochEnd}
         * @return this
         */
        public Builder onTestEpochEnd(Consumer<Run> function) {
            onTestEpochEnd = Require.given(function, "onTestEpochEnd of a LambdaCallback");
            return this;
        }

        /**
         * A test batch starts.
         *
         * @param function what is done in {@link Callback#onTestBatchStart}
         * @return this
         */
        public Builder onTestBatchStart(OnLoaderBatch function) {
            onTestBatchStart = Require.given(function, "onTestBatchStart of a LambdaCallback");
            return this;
        }

        /**
         * A test batch is done.
         *
         * @param function what is done in {@link Callback#onTestBatchEnd}
         * @return this
         */
        public Builder onTestBatchEnd(OnLoaderBatch function) {
            onTestBatchEnd = Require.given(function, "onTestBatchEnd of a LambdaCallback");
            return this;
        }

        /**
         * A prediction starts.
         *
         * @param function what is done in {@link Callback#onPredictStart}
         * @return this
         */
        public Builder onPredictStart(Consumer<Run> function) {
            onPredictStart = Require.given(function, "onPredictStart of a LambdaCallback");
            return this;
        }

        /**
         * A prediction is over.
         *
         * @param function what is done in {@link Callback#onPredictEnd}
         * @return this
         */
        public Builder onPredictEnd(Consumer<Run> function) {
            onPredictEnd = Require.given(function, "onPredictEnd of a LambdaCallback");
            return this;
        }

        /**
         * The prediction epoch starts.
         *
         * @param function what is done in {@link Callback#onPredictEpochStart}
         * @return this
         */
        public Builder onPredictEpochStart(Consumer<Run> function) {
            onPredictEpochStart = Require.given(function, "onPredictEpochStart of a LambdaCallback");
            return this;
        }

        /**
         * All batches are predicted.
         *
         * @param function what is done in {@link Callback#onPredictEpochEnd}
         * @return this
         */
        public Builder onPredictEpochEnd(Consumer<Run> function) {
            onPredictEpochEnd = Require.given(function, "onPredictEpochEnd of a LambdaCallback");
            return this;
        }

        /**
         * A prediction batch starts.
         *
         * @param function what is done in {@link Callback#onPredictBatchStart}
         * @return this
         */
        public Builder onPredictBatchStart(OnLoaderBatch function) {
            onPredictBatchStart = Require.given(function, "onPredictBatchStart of a LambdaCallback");
            return this;
        }

        /**
         * A prediction batch is done.
         *
         * @param function what is done in {@link Callback#onPredictBatchEnd}
         * @return this
         */
        public Builder onPredictBatchEnd(OnPrediction function) {
            onPredictBatchEnd = Require.given(function, "onPredictBatchEnd of a LambdaCallback");
            return this;
        }

        /**
         * The state of the fit is complete: the place to save a checkpoint.
         *
         * @param function what is done in {@link Callback#onSavePoint}
         * @return this
         */
        public Builder onSavePoint(BiConsumer<Run, SavePoint> function) {
            onSavePoint = Require.given(function, "onSavePoint of a LambdaCallback");
            return this;
        }

        /**
         * A checkpoint is about to be written, of whatever kind: the place to put other weights into the module, which it shall hold.
         *
         * @param function what is done in {@link Callback#onBeforeSave}
         * @return this
         */
        public Builder onBeforeSave(Consumer<Run> function) {
            onBeforeSave = Require.given(function, "onBeforeSave of a LambdaCallback");
            return this;
        }

        /**
         * The state of a checkpoint was taken: what was changed in {@link #onBeforeSave} is put back. Also called if that failed.
         *
         * @param function what is done in {@link Callback#onAfterSave}
         * @return this
         */
        public Builder onAfterSave(Consumer<Run> function) {
            onAfterSave = Require.given(function, "onAfterSave of a LambdaCallback");
            return this;
        }

        /**
         * An exception ends the run; it is rethrown after all teardown.
         *
         * @param function what is done in {@link Callback#onException}
         * @return this
         */
        public Builder onException(BiConsumer<Run, Throwable> function) {
            onException = Require.given(function, "onException of a LambdaCallback");
            return this;
        }

        /**
         * Builds the callback.
         *
         * @return the callback
         */
        public LambdaCallback build() {
            return new LambdaCallback(this);
        }
    }

    @Override
    public String stateKey() {
        return stateKey == null ? Callback.super.stateKey() : stateKey;
    }

    @Override
    public void save(StateWriter state) {
        save.accept(state);
    }

    @Override
    public void load(StateReader state) {
        load.accept(state);
    }

    @Override
    public void setup(Run run, Stage stage) {
        setup.accept(run, stage);
    }

    @Override
    public void teardown(Run run, Stage stage) {
        teardown.accept(run, stage);
    }

    @Override
    public void onFitStart(Run run) {
        onFitStart.accept(run);
    }

    @Override
    public void onFitEnd(Run run) {
        onFitEnd.accept(run);
    }

    @Override
    public void onSanityCheckStart(Run run) {
        onSanityCheckStart.accept(run);
    }

    @Override
    public void onSanityCheckEnd(Run run) {
        onSanityCheckEnd.accept(run);
    }

    @Override
    public void onTrainStart(Run run) {
        onTrainStart.accept(run);
    }

    @Override
    public void onTrainEnd(Run run) {
        onTrainEnd.accept(run);
    }

    @Override
    public void onTrainEpochStart(Run run) {
        onTrainEpochStart.accept(run);
    }

    @Override
    public void onTrainEpochEnd(Run run) {
        onTrainEpochEnd.accept(run);
    }

    @Override
    public void onTrainBatchStart(Run run, Batch batch, int batchIndex) {
        onTrainBatchStart.accept(run, batch, batchIndex);
    }

    @Override
    public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
        onTrainBatchEnd.accept(run, loss, batch, batchIndex);
    }

    @Override
    public void onBeforeZeroGrad(Run run, Optimizer optimizer) {
        onBeforeZeroGrad.accept(run, optimizer);
    }

    @Override
    public void onBeforeBackward(Run run, NDArray loss) {
        onBeforeBackward.accept(run, loss);
    }

    @Override
    public void onAfterBackward(Run run) {
        onAfterBackward.accept(run);
    }

    @Override
    public void onBeforeOptimizerStep(Run run, Optimizer optimizer) {
        onBeforeOptimizerStep.accept(run, optimizer);
    }

    @Override
    public void onValidationStart(Run run) {
        onValidationStart.accept(run);
    }

    @Override
    public void onValidationEnd(Run run) {
        onValidationEnd.accept(run);
    }

    @Override
    public void onValidationEpochStart(Run run) {
        onValidationEpochStart.accept(run);
    }

    @Override
    public void onValidationEpochEnd(Run run) {
        onValidationEpochEnd.accept(run);
    }

    @Override
    public void onValidationBatchStart(Run run, Batch batch, int batchIndex, int loaderIndex) {
        onValidationBatchStart.accept(run, batch, batchIndex, loaderIndex);
    }

    @Override
    public void onValidationBatchEnd(Run run, Batch batch, int batchIndex, int loaderIndex) {
        onValidationBatchEnd.accept(run, batch, batchIndex, loaderIndex);
    }

    @Override
    public void onTestStart(Run run) {
        onTestStart.accept(run);
    }

    @Override
    public void onTestEnd(Run run) {
        onTestEnd.accept(run);
    }

    @Override
    public void onTestEpochStart(Run run) {
        onTestEpochStart.accept(run);
    }

    @Override
    public void onTestEpochEnd(Run run) {
        onTestEpochEnd.accept(run);
    }

    @Override
    public void onTestBatchStart(Run run, Batch batch, int batchIndex, int loaderIndex) {
        onTestBatchStart.accept(run, batch, batchIndex, loaderIndex);
    }

    @Override
    public void onTestBatchEnd(Run run, Batch batch, int batchIndex, int loaderIndex) {
        onTestBatchEnd.accept(run, batch, batchIndex, loaderIndex);
    }

    @Override
    public void onPredictStart(Run run) {
        onPredictStart.accept(run);
    }

    @Override
    public void onPredictEnd(Run run) {
        onPredictEnd.accept(run);
    }

    @Override
    public void onPredictEpochStart(Run run) {
        onPredictEpochStart.accept(run);
    }

    @Override
    public void onPredictEpochEnd(Run run) {
        onPredictEpochEnd.accept(run);
    }

    @Override
    public void onPredictBatchStart(Run run, Batch batch, int batchIndex, int loaderIndex) {
        onPredictBatchStart.accept(run, batch, batchIndex, loaderIndex);
    }

    @Override
    public void onPredictBatchEnd(Run run, NDList outputs, Batch batch, int batchIndex, int loaderIndex) {
        onPredictBatchEnd.accept(run, outputs, batch, batchIndex, loaderIndex);
    }

    @Override
    public void onSavePoint(Run run, SavePoint point) {
        onSavePoint.accept(run, point);
    }

    @Override
    public void onBeforeSave(Run run) {
        onBeforeSave.accept(run);
    }

    @Override
    public void onAfterSave(Run run) {
        onAfterSave.accept(run);
    }

    @Override
    public void onException(Run run, Throwable failure) {
        onException.accept(run, failure);
    }
}
