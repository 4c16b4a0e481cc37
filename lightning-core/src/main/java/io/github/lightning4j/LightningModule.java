package io.github.lightning4j;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.internal.name.ClassName;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A model, how it learns and how it is judged. Subclass it, register layers with {@code addChildBlock}, and override
 * {@link #trainingStep} and {@link #configureOptimizers}; the Trainer does the rest.
 *
 * <pre>{@code
 * public final class LitMnist extends LightningModule {
 *     private final Block net = addChildBlock("net", LeNet.create(10));
 *
 *     @Override public NDArray trainingStep(Batch batch, int batchIndex) {
 *         NDArray logits = call(net, batch.getData()).head();
 *         NDArray loss = Losses.crossEntropy(logits, batch.getLabels().head());
 *         log("train_loss", loss);
 *         return loss;
 *     }
 *
 *     @Override public OptimizerConfig configureOptimizers() {
 *         return Adam.builder(parameters()).lr(1e-3).build();
 *     }
 * }
 * }</pre>
 *
 * <p>A module is a DJL {@link Block}: {@code Model.setBlock}, {@code save}, {@code load} and {@code Predictor} take it as
 * it is. Its parameters and their gradients stay usable after {@code fit}, until {@link #close}.
 *
 * <p>Every array made in a step or hook is freed when that ends; {@link #keep} and {@link #buffer} make exceptions. In
 * {@code prepareData}, {@code setup}, {@code configureOptimizers} and {@code onFitStart} arrays on a manager of your own live
 * on.
 */
public abstract class LightningModule extends ModuleBlock implements ModuleHooks {
    private final Map<String, Object> hyperparameters;

    /** Creates a module without hyperparameters. */
    protected LightningModule() {
        this(Map.of());
    }

    /**
     * Creates a module whose hyperparameters are the components of a record.
     *
     * @param config the record; null, numbers, booleans, strings, enums, paths, durations, types with a static {@code
     *     parse(String)}, Optional, lists, maps by string or enum, and records in it are understood
     * @throws ConfigurationException if a component is of another type
     */
    protected LightningModule(Record config) {
        this.hyperparameters = Hyperparameters.of(config);
    }

    /**
     * Creates a module with hyperparameters.
     *
     * @param config name and value, of the same kinds
     * @throws ConfigurationException if a value is of another type
     */
    protected LightningModule(Map<String, ?> config) {
        this.hyperparameters = Hyperparameters.of(config);
    }

    /**
     * Creates a module around a ready-made block, which may already be initialised or frozen.
     *
     * @param block the block, registered as child {@code net}
     */
    protected LightningModule(Block block) {
        this();
        addChildBlock("net", block);
    }

    /**
     * The hyperparameters given to the constructor, saved with every checkpoint.
     *
     * @return name and value
     */
    public final Map<String, Object> hyperparameters() {
        return hyperparameters;
    }

    // What a module must or may define

    /**
     * Computes the loss of one training batch.
     *
     * @param batch the batch, on the run's device
     * @param batchIndex its index in the epoch, from 0
     * @return a scalar with a gradient; null skips the batch, which then counts for nothing; running statistics
     *     that its forward pass has moved stay moved, so look for NaN in the inputs before they reach a BatchNorm. A
     *     module that optimizes by itself may return anything
     */
    public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
        throw undefined("trainingStep", "it is to be trained");
    }

    /**
     * Makes the optimizers, once the parameters exist. A module that is only evaluated needs neither this nor {@link
     * #trainingStep}.
     *
     * @return one optimizer, or {@code OptimizerConfig.of(...)}, with schedulers where wanted
     */
    public OptimizerConfig configureOptimizers() {
        throw undefined("configureOptimizers", "it is to be trained");
    }

    /**
     * Judges one validation batch, by logging.
     *
     * @param batch the batch, on the run's device
     * @param batchIndex its index, from 0
     */
    public void validationStep(Batch batch, int batchIndex) {
        throw undefined("validationStep", "there are validation batches");
    }

    /**
     * Judges one validation batch of one of several loaders.
     *
     * @param batch the batch, on the run's device
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    public void validationStep(Batch batch, int batchIndex, int loaderIndex) {
        validationStep(batch, batchIndex);
    }

    /**
     * Judges one test batch, by logging.
     *
     * @param batch the batch, on the run's device
     * @param batchIndex its index, from 0
     */
    public void testStep(Batch batch, int batchIndex) {
        throw undefined("testStep", "there are test batches");
    }

    /**
     * Judges one test batch of one of several loaders.
     *
     * @param batch the batch, on the run's device
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     */
    public void testStep(Batch batch, int batchIndex, int loaderIndex) {
        testStep(batch, batchIndex);
    }

    /**
     * Predicts one batch; by default {@link #forward(NDList)} of its data.
     *
     * @param batch the batch, on the run's device
     * @param batchIndex its index, from 0
     * @return the predictions; the Trainer copies them to the CPU
     */
    public NDList predictStep(Batch batch, int batchIndex) {
        return forward(batch.getData());
    }

    /**
     * Predicts one batch of one of several loaders.
     *
     * @param batch the batch, on the run's device
     * @param batchIndex its index, from 0
     * @param loaderIndex its loader's index, from 0
     * @return the predictions; the Trainer copies them to the CPU
     */
    public NDList predictStep(Batch batch, int batchIndex, int loaderIndex) {
        return predictStep(batch, batchIndex);
    }

    /**
     * Callbacks that belong to the module; they are added to the Trainer's.
     *
     * @return the callbacks
     */
    public List<Callback> configureCallbacks() {
        return List.of();
    }

    /**
     * Whether the loop runs backward and the optimizer. Override to return false and use {@link #manualBackward} and
     * {@link #optimizers()} in {@link #trainingStep}, as adversarial training does.
     *
     * @return true by default
     */
    public boolean automaticOptimization() {
        return true;
    }

    private ConfigurationException undefined(String method, String why) {
        return new ConfigurationException(ClassName.of(this) + " does not override " + method + ", but " + why
                + ". Override it, or give no such data.");
    }

    // What a step can call

    /**
     * The only array of a batch's data.
     *
     * @param batch the batch
     * @return its input
     * @throws DataException if the data has none or several
     */
    protected static NDArray input(Batch batch) {
        return only(batch.getData(), "data", "getData");
    }

    /**
     * The only array of a batch's labels.
     *
     * @param batch the batch
     * @return its label
     * @throws DataException if there is none, or several
     */
    protected static NDArray label(Batch batch) {
        return only(batch.getLabels(), "labels", "getLabels");
    }

    private static NDArray only(NDList arrays, String what, String getter) {
        if (arrays.size() != 1) {
            throw new DataException("The batch has " + arrays.size() + " arrays of " + what
                    + ", so none is the only one." + " Take what you need from batch." + getter + "().");
        }
        return arrays.head();
    }

    /**
     * Logs an array of one element with the hook's defaults.
     *
     * @param name the metric's name
     * @param value the value
     * @throws ConfigurationException if the hook does not allow it or the value is not a single number
     */
    protected final void log(String name, NDArray value) {
        host("log").log(name, value, LogOptions.defaults());
    }

    /**
     * Logs an array of one element.
     *
     * @param name the metric's name
     * @param value the value
     * @param options how to treat it
     * @throws ConfigurationException if the hook does not allow it or the value is not a single number
     */
    protected final void log(String name, NDArray value, LogOptions options) {
        host("log").log(name, value, options);
    }

    /**
     * Logs a number with the hook's defaults.
     *
     * @param name the metric's name
     * @param value the value
     * @throws ConfigurationException if the hook does not allow it
     */
    protected final void log(String name, double value) {
        host("log").log(name, value, LogOptions.defaults());
    }

    /**
     * Logs a number.
     *
     * @param name the metric's name
     * @param value the value
     * @param options how to treat it
     * @throws ConfigurationException if the hook does not allow it
     */
    protected final void log(String name, double value, LogOptions options) {
        host("log").log(name, value, options);
    }

    /**
     * Logs a metric: computed and reset by the loop at the end of the epoch.
     *
     * @param name the metric's name
     * @param value the metric
     * @throws ConfigurationException if the hook does not allow it
     */
    protected final void log(String name, Metric value) {
        host("log").log(name, value, LogOptions.defaults());
    }

    /**
     * Logs a metric: computed and reset by the loop at the end of the epoch. With {@code onStep} its value so far is
     * logged at every step as well.
     *
     * @param name the metric's name
     * @param value the metric
     * @param options how to treat it
     * @throws ConfigurationException if the hook does not allow it
     */
    protected final void log(String name, Metric value, LogOptions options) {
        host("log").log(name, value, options);
    }

    /**
     * Logs several values with the hook's defaults.
     *
     * @param values name and value: a {@link Number}, an {@link NDArray} of one element or a {@link Metric}
     * @throws ConfigurationException if a value is something else or the hook does not allow it
     */
    protected final void logAll(Map<String, ?> values) {
        logAll(values, LogOptions.defaults());
    }

    /**
     * Logs several values.
     *
     * @param values name and value: a {@link Number}, an {@link NDArray} of one element or a {@link Metric}
     * @param options how to treat them
     * @throws ConfigurationException if a value is something else or the hook does not allow it
     */
    protected final void logAll(Map<String, ?> values, LogOptions options) {
        ModuleHost host = host("logAll");
        Require.given(values, "what logAll was given").forEach((name, value) -> {
            if (value instanceof NDArray array) {
                host.log(name, array, options);
            } else if (value instanceof Metric metric) {
                host.log(name, metric, options);
            } else if (value instanceof Number number) {
                host.log(name, number.doubleValue(), options);
            } else {
                throw new ConfigurationException("logAll: '" + name + "' is "
                        + (value == null ? "null" : "a " + value.getClass().getName())
                        + "; log a number, an NDArray of one element or a Metric.");
            }
        });
    }

    /**
     * Shows an image, a text, a table or a histogram by the loggers that can. In the hooks of a training batch it is shown
     * if that batch ends a step whose values are logged, see {@code logEveryNSteps}, and is not made otherwise; in all
     * others at once.
     *
     * @param name what it is called
     * @param item makes it, before the arrays of the current step are freed
     * @throws ConfigurationException if the hook does not allow it
     */
    protected final void logItem(String name, Supplier<? extends LogItem> item) {
        host("logItem").logItem(name, item);
    }

    /**
     * Writes a line to the standard output, above a progress bar that is being drawn there.
     *
     * @param text the line, or several
     * @throws ConfigurationException outside a run
     */
    protected final void print(String text) {
        host("print").run().print(text);
    }

    /**
     * Moves an array out of every open memory scope into the run, which frees it at its end. Close it yourself to free it
     * sooner.
     *
     * @param array an array made in the current step
     * @return the same array, cut from the autograd graph
     */
    protected final NDArray keep(NDArray array) {
        return host("keep").run().keep(Require.given(array, "what keep was given"));
    }

    /**
     * The run this module is in.
     *
     * @return the run
     * @throws ConfigurationException outside a run
     */
    protected final Run run() {
        return host("run").run();
    }

    /**
     * The optimizer steps that the whole fit is going to take, as schedules need them in {@link #configureOptimizers};
     * see {@link Run#estimatedSteps}.
     *
     * @return the count
     * @throws ConfigurationException outside a run, or if the count is not known
     */
    protected final long estimatedSteps() {
        long steps = host("estimatedSteps").run().estimatedSteps();
        if (steps < 0) {
            throw new ConfigurationException(
                    "The steps of this fit cannot be estimated: it needs maxSteps, or maxEpochs and"
                            + " training data of known length. Set maxSteps on the Trainer, or pass the number of steps yourself.");
        }
        return steps;
    }

    /**
     * The optimizers made by {@link #configureOptimizers}, for a module that optimizes by itself. Step these: a step of the
     * same optimizer kept in a field is not noticed, so it is not counted, logged or saved.
     *
     * @return the optimizers
     */
    protected final List<Optimizer> optimizers() {
        return host("optimizers").run().optimizers();
    }

    /**
     * The schedulers of {@link #configureOptimizers}, for a module that optimizes by itself and steps by hand those it gave
     * {@code Every.never()}.
     *
     * @return the schedulers, in their order there
     */
    protected final List<LrScheduler> lrSchedulers() {
        return host("lrSchedulers").run().schedulers().stream()
                .map(SchedulerConfig::scheduler)
                .toList();
    }

    /**
     * Makes the parameters of all other optimizers untrained until the toggle is closed, so that backward spends nothing on
     * them: of the discriminator, say, while the generator learns. Layers keep training in every other way, unlike under
     * {@link #freeze(ai.djl.nn.Block)}. A parameter that this optimizer shares with another one stays trained.
     *
     * <pre>{@code
     * try (ToggledOptimizer toggled = toggleOptimizer(generatorOptimizer)) {
     *     manualBackward(generatorLoss());
     * }
     * }</pre>
     *
     * @param optimizer one of {@link #optimizers()}
     * @return to be closed
     */
    protected final ToggledOptimizer toggleOptimizer(Optimizer optimizer) {
        return new ToggledOptimizer(
                optimizers(), Require.given(optimizer, "the optimizer that toggleOptimizer was given"));
    }

    /**
     * Adds the gradients of a loss to its leaves, for a module that optimizes by itself.
     *
     * @param loss a scalar with a gradient
     * @throws ConfigurationException under automatic optimization
     */
    protected final void manualBackward(NDArray loss) {
        manualBackward(loss, BackwardGraph.FREE);
    }

    /**
     * Adds the gradients of a loss to its leaves, for a module that optimizes by itself.
     *
     * @param loss a scalar with a gradient
     * @param graph what becomes of its graph
     * @throws ConfigurationException under automatic optimization
     */
    protected final void manualBackward(NDArray loss, BackwardGraph graph) {
        if (automaticOptimization()) {
            throw new ConfigurationException(
                    "manualBackward was called under automatic optimization. Return the loss from"
                            + " trainingStep, or override automaticOptimization() to return false.");
        }
        host("manualBackward")
                .manualBackward(
                        Require.given(loss, "the loss that manualBackward was given"),
                        Require.given(graph, "the graph policy that manualBackward was given"));
    }

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
        return Require.given(optimizer, "the optimizer that clipGradients was given")
                .gradients()
                .clip(value, Require.given(algorithm, "the algorithm that clipGradients was given"));
    }

    /** The parameters of a layer that is added during a run would come after the optimizers that are to train them. */
    @Override
    final void checkAdded(Block layer) {
        ModuleHost host = currentHost();
        if (host == null) {
            return;
        }
        LightningModule running = host.run().module();
        if (running.isInitialized() && LayerNames.contains(running, this)) {
            throw new ConfigurationException("The layer " + ClassName.of(layer) + " was added to " + ClassName.of(this)
                    + " during a run, when parameters and optimizers are made. Add it in the constructor"
                    + " or, before the first fit, in setup.");
        }
    }

    private static @Nullable ModuleHost currentHost() {
        CallContext context = CallContext.current();
        return context == null ? null : context.host();
    }

    private static ModuleHost host(String method) {
        ModuleHost host = currentHost();
        if (host == null) {
            throw new ConfigurationException(
                    method + " was called outside a run of this module. It works in the hooks that"
                            + " the Trainer calls, on the Trainer's thread.");
        }
        return host;
    }
}
