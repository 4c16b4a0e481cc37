package io.github.lightning4j.trainer;

import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningDataModule;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Stage;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.data.Sources;
import io.github.lightning4j.trainer.internal.loop.Interruption;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs modules: owns epochs, batches, modes, gradients, optimizer and scheduler steps, logging, checkpoints and native
 * memory.
 *
 * <pre>{@code
 * Trainer trainer = Trainer.builder().maxEpochs(5).build();
 * FitResult result = trainer.fit(new LitMnist(), trainLoader, valLoader);
 * Map<String, Double> test = trainer.test(module, testLoader);
 * }</pre>
 *
 * <p>Only one fit runs in a JVM at a time. {@link #requestStop} may be called from any thread; everything else belongs to
 * one thread. A second {@code fit} on the same Trainer is a new run.
 */
public final class Trainer {
    private final TrainerOptions options;
    private volatile Interruption interruption = new Interruption();
    private @Nullable ResultFile lastResult;
    private @Nullable LightningModule lastFitted;

    Trainer(TrainerOptions options) {
        this.options = options;
    }

    /**
     * Starts building a Trainer.
     *
     * @return the builder
     */
    public static TrainerBuilder builder() {
        return new TrainerBuilder();
    }

    // Fit

    /**
     * Trains without validation.
     *
     * @param module the module
     * @param train the training batches: a {@code DataLoader}, or any iterable that gives its batches anew each epoch
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, Iterable<Batch> train) {
        return fit(module, FitData.of(train, List.of()), null);
    }

    /**
     * Trains and validates.
     *
     * @param module the module
     * @param train the training batches
     * @param val the validation batches
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, Iterable<Batch> train, Iterable<Batch> val) {
        return fit(module, FitData.of(train, FitData.one(val)), null);
    }

    /**
     * Trains and validates on several loaders.
     *
     * @param module the module
     * @param train the training batches
     * @param vals the validation batches of each loader
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, Iterable<Batch> train, List<? extends Iterable<Batch>> vals) {
        return fit(module, FitData.of(train, vals), null);
    }

    /**
     * Trains on a DJL dataset, read with its own sampler and batch size.
     *
     * @param module the module
     * @param train the training data
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, Dataset train) {
        return fit(module, source(train));
    }

    /**
     * Trains and validates on DJL datasets, read with their own samplers and batch sizes.
     *
     * @param module the module
     * @param train the training data
     * @param val the validation data
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, Dataset train, Dataset val) {
        return fit(module, source(train), source(val));
    }

    /**
     * Goes on with a fit on DJL datasets from a checkpoint.
     *
     * @param module the module
     * @param train the training data
     * @param val the validation data
     * @param checkpoint where to go on
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, Dataset train, Dataset val, CkptPath checkpoint) {
        return fit(module, source(train), source(val), checkpoint);
    }

    /**
     * Trains, and validates if there are validation batches.
     *
     * @param module the module
     * @param data the data
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, LightningDataModule data) {
        return fit(module, FitData.of(data), null);
    }

    /**
     * Goes on with a fit from a checkpoint.
     *
     * @param module the module
     * @param train the training batches
     * @param checkpoint where to go on
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, Iterable<Batch> train, CkptPath checkpoint) {
        return fit(module, FitData.of(train, List.of()), checkpoint);
    }

    /**
     * Goes on with a fit from a checkpoint.
     *
     * @param module the module
     * @param train the training batches
     * @param val the validation batches
     * @param checkpoint where to go on
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, Iterable<Batch> train, Iterable<Batch> val, CkptPath checkpoint) {
        return fit(module, FitData.of(train, FitData.one(val)), checkpoint);
    }

    /**
     * Goes on with a fit from a checkpoint.
     *
     * @param module the module
     * @param train the training batches
     * @param vals the validation batches of each loader
     * @param checkpoint where to go on
     * @return the record of the run
     */
    public FitResult fit(
            LightningModule module, Iterable<Batch> train, List<? extends Iterable<Batch>> vals, CkptPath checkpoint) {
        return fit(module, FitData.of(train, vals), checkpoint);
    }

    /**
     * Goes on with a fit from a checkpoint.
     *
     * @param module the module
     * @param data the data
     * @param checkpoint where to go on
     * @return the record of the run
     */
    public FitResult fit(LightningModule module, LightningDataModule data, CkptPath checkpoint) {
        return fit(module, FitData.of(data), checkpoint);
    }

    private FitResult fit(LightningModule module, FitData data, @Nullable CkptPath checkpoint) {
        Interruption current = new Interruption();
        FitExecution execution = new FitExecution(options, module, data, checkpoint, current);
        return SignalWatch.during(options.signals(), current, () -> {
            FitResult result = execution.run(() -> begin(current));
            lastResult = execution.resultFile();
            lastFitted = module;
            return result;
        });
    }

    private void begin(Interruption current) {
        interruption = current;
        lastResult = null;
        lastFitted = null;
    }

    /**
     * Asks the running fit to finish its batch and return. May be called from any thread; without a running fit it does
     * nothing.
     */
    public void requestStop() {
        interruption.request("requestStop() was called");
    }

    // Validate, test, predict

    /**
     * Validates a module as it is.
     *
     * @param module the module
     * @param loaders the validation batches, one or several loaders
     * @return everything logged, reduced
     */
    @SafeVarargs
    public final Map<String, Double> validate(LightningModule module, Iterable<Batch>... loaders) {
        return evaluate(Stage.VALIDATE, module, FitData.evaluation(List.of(loaders)));
    }

    /**
     * Validates a module as it is.
     *
     * @param module the module
     * @param data gives the validation batches
     * @return everything logged, reduced
     */
    public Map<String, Double> validate(LightningModule module, LightningDataModule data) {
        return evaluate(Stage.VALIDATE, module, FitData.of(data));
    }

    /**
     * Validates a module as it is on a DJL dataset.
     *
     * @param module the module
     * @param data the validation data
     * @return everything logged, reduced
     */
    public Map<String, Double> validate(LightningModule module, Dataset data) {
        return validate(module, source(data));
    }

    /**
     * Tests a module as it is. If this Trainer's last fit was of this module, the result is added to the run's {@code result.json}.
     *
     * @param module the module
     * @param loaders the test batches, one or several loaders
     * @return everything logged, reduced
     */
    @SafeVarargs
    public final Map<String, Double> test(LightningModule module, Iterable<Batch>... loaders) {
        return evaluate(Stage.TEST, module, FitData.evaluation(List.of(loaders)));
    }

    /**
     * Tests a module as it is. If this Trainer's last fit was of this module, the result is added to the run's {@code result.json}.
     *
     * @param module the module
     * @param data gives the test batches
     * @return everything logged, reduced
     */
    public Map<String, Double> test(LightningModule module, LightningDataModule data) {
        return evaluate(Stage.TEST, module, FitData.of(data));
    }

    /**
     * Tests a module as it is on a DJL dataset.
     *
     * @param module the module
     * @param data the test data
     * @return everything logged, reduced
     */
    public Map<String, Double> test(LightningModule module, Dataset data) {
        return test(module, source(data));
    }

    private Map<String, Double> evaluate(Stage stage, LightningModule module, FitData data) {
        Map<String, Double> metrics = new EvaluationExecution(options, module, data, stage).evaluate();
        if (stage == Stage.TEST && lastResult != null && module == lastFitted) {
            lastResult.addTestMetrics(metrics);
        }
        return metrics;
    }

    /**
     * Predicts.
     *
     * @param module the module
     * @param loaders the batches, one or several loaders
     * @return the outputs, copied to the CPU; the caller closes them
     */
    @SafeVarargs
    public final PredictResult predict(LightningModule module, Iterable<Batch>... loaders) {
        return new EvaluationExecution(options, module, FitData.evaluation(List.of(loaders)), Stage.PREDICT).predict();
    }

    /**
     * Predicts.
     *
     * @param module the module
     * @param data gives the batches
     * @return the outputs, copied to the CPU; the caller closes them
     */
    public PredictResult predict(LightningModule module, LightningDataModule data) {
        return new EvaluationExecution(options, module, FitData.of(data), Stage.PREDICT).predict();
    }

    /**
     * Predicts a DJL dataset.
     *
     * @param module the module
     * @param data the data
     * @return the outputs, copied to the CPU; the caller closes them
     */
    public PredictResult predict(LightningModule module, Dataset data) {
        return predict(module, source(data));
    }

    private static BatchSource source(@Nullable Dataset dataset) {
        if (dataset == null) {
            throw new ConfigurationException("The dataset is null; give one, or use the overload without it.");
        }
        return Sources.of(dataset);
    }
}
