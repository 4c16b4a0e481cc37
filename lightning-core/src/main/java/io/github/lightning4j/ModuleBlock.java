package io.github.lightning4j;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import ai.djl.util.PairList;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.name.FreeName;
import io.github.lightning4j.internal.torch.Buffers;
import io.github.lightning4j.internal.torch.DataTypes;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.ModuleParameterStore;
import io.github.lightning4j.internal.torch.UnusableLayers;
import io.github.lightning4j.internal.torch.WatchingStore;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link LightningModule} that is a DJL block: children, parameters, buffers, initialisation and forward.
 * Everything {@link AbstractBlock} would otherwise leave to the user is here.
 */
public abstract class ModuleBlock extends AbstractBlock implements NamesLayers, AutoCloseable {
    private final IdentityHashMap<Block, Shape[]> declaredShapes = new IdentityHashMap<>();
    private final Set<Parameter> buffers = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<String, Metric> metrics = new LinkedHashMap<>();
    private final StateChecks states = new StateChecks();
    private final FrozenLayers frozenLayers = new FrozenLayers(this::isBuffer, states);
    private final RegisteredLayers layers = new RegisteredLayers();
    private final FrozenStrangers strangers = new FrozenStrangers(this);
    private @Nullable NDManager manager;
    private boolean closed;

    ModuleBlock() {
        children = new CheckedLayers(this, this::checkAdded);
    }

    /** Refuses a layer that cannot be added now. */
    abstract void checkAdded(Block layer);

    // Building

    /**
     * Registers a layer and the shapes of its inputs, for a module whose children have different inputs.
     *
     * @param name a name, part of its parameters' names; without a dot, and no other layer's of the module
     * @param block the layer
     * @param inputs its input shapes, batch dimension included
     * @param <B> its type
     * @return the layer
     * @throws ConfigurationException if the name has a dot or is taken
     */
    protected final <B extends Block> B addChildBlock(String name, B block, Shape... inputs) {
        addChildBlock(name, block);
        if (inputs.length > 0) {
            declaredShapes.put(block, inputs.clone());
        }
        return block;
    }

    /**
     * The shapes of the module's inputs, batch dimension included. Declare them where the data of a batch is not what the
     * module is called with; otherwise the first batch tells.
     *
     * @return the shapes; by default none, so that the first batch is asked
     */
    protected Shape[] inputShapes() {
        return new Shape[0];
    }

    /**
     * Registers persistent state that is no parameter: saved with the model, moved with it, never trained.
     *
     * @param name a name, unique among the module's own buffers
     * @param array the initial value; the module takes it over
     * @return the array
     * @throws ConfigurationException if the name is taken
     */
    protected final NDArray buffer(String name, NDArray array) {
        if (parameters.containsKey(Require.name(name, "the name of a buffer"))) {
            throw new ConfigurationException("buffer '" + name + "' exists already in " + ClassName.of(this)
                    + "; its own names are " + parameters.keySet() + ".");
        }
        Require.given(array, "buffer '" + name + "'", "give it its initial value");
        MemoryScope.release(array).attach(ownManager(array.getDevice()));
        Parameter parameter = Parameter.builder()
                .setName(name)
                .setType(Parameter.Type.OTHER)
                .optArray(array)
                .optShape(array.getShape())
                .optRequiresGrad(false)
                .build();
        buffers.add(addParameter(parameter));
        return array;
    }

    /**
     * Registers a metric: its state is saved with checkpoints, and the sanity check leaves no trace in it.
     *
     * @param name a name, unique among the module's metrics
     * @param metric the metric
     * @param <M> its type
     * @return the metric
     * @throws ConfigurationException if the name is taken
     */
    protected final <M extends Metric> M metric(String name, M metric) {
        Require.given(metric, "metric '" + name + "'");
        if (metrics.putIfAbsent(Require.name(name, "the name of a metric"), metric) != null) {
            throw new ConfigurationException("metric '" + name + "' exists already in " + ClassName.of(this)
                    + "; its metrics are " + metrics.keySet() + ".");
        }
        return metric;
    }

    /**
     * The registered metrics, those of modules within this one included.
     *
     * @return name and metric, each once, in order of registration; a nested module's metrics carry its path in front, as
     *     in {@code net.encoder.accuracy}
     */
    public final Map<String, Metric> metrics() {
        Map<String, Metric> all = new LinkedHashMap<>(metrics);
        addNestedMetrics("", this, all);
        return all;
    }

    private static void addNestedMetrics(String path, Block block, Map<String, Metric> all) {
        LayerNames.of(block).forEach((name, layer) -> {
            if (layer instanceof ModuleBlock nested) {
                nested.metrics().forEach((own, metric) -> addOnce(path + name + "." + own, metric, all));
            } else {
                addNestedMetrics(path + name + ".", layer, all);
            }
        });
    }

    private static void addOnce(String name, Metric metric, Map<String, Metric> all) {
        if (!all.containsValue(metric)) {
            all.put(FreeName.take(name, new HashSet<>(all.keySet())), metric);
        }
    }

    // Parameters

    /**
     * The trainable parameters, each once even where a layer is shared, named by their path as {@link ParameterNames} says.
     * Frozen ones are left out.
     *
     * @return name and parameter
     */
    public final ParameterList parameters() {
        return select(Parameter::requiresGradient);
    }

    /**
     * Persistent state that is never trained: running statistics and what {@code buffer} registered.
     *
     * @return name and parameter, each once
     */
    public final ParameterList buffers() {
        return select(this::isBuffer);
    }

    private ParameterList select(Predicate<Parameter> wanted) {
        ParameterList selected = new ParameterList();
        for (Pair<String, Parameter> pair : ParameterNames.of(this)) {
            if (wanted.test(pair.getValue())) {
                selected.add(pair);
            }
        }
        return selected;
    }

    private boolean isBuffer(Parameter parameter) {
        return Buffers.isStatistic(parameter) || isOwnBuffer(parameter);
    }

    private boolean isOwnBuffer(Parameter parameter) {
        if (buffers.contains(parameter)) {
            return true;
        }
        for (ModuleBlock nested : LayerNames.nearest(ModuleBlock.class, this)) {
            if (nested.isOwnBuffer(parameter)) {
                return true;
            }
        }
        return false;
    }

    /** Freezes every layer, as {@link #freeze(Block)} does. */
    public final void freeze() {
        freeze(this);
    }

    /**
     * Freezes one layer: its parameters are not trained, and like Lightning's {@code freeze} it evaluates even in training
     * steps, so that running statistics stay as they are and nothing is dropped. So does every layer that a module calls,
     * or that is in a {@code SequentialBlock} it calls, while all of its parameters are frozen; a layer inside a block of
     * another kind follows that block. A layer that is no part of the module is frozen as well, with a warning.
     *
     * @param block the layer
     */
    public final void freeze(Block block) {
        Require.given(block, "the layer that freeze was given").freezeParameters(true);
        strangers.add(block);
        frozenLayers.refresh();
    }

    /** Makes every parameter trainable again; buffers and running statistics stay as they are. */
    public final void unfreeze() {
        unfreeze(this);
    }

    /**
     * Makes the parameters of one layer trainable again; buffers and running statistics stay as they are.
     *
     * @param block the layer
     */
    public final void unfreeze(Block block) {
        Require.given(block, "the layer that unfreeze was given")
                .freezeParameters(false, parameter -> !isBuffer(parameter));
        strangers.add(block);
        frozenLayers.refresh();
    }

    // Initialisation

    /**
     * Makes the parameters that do not exist yet, on a manager of the module's own, in order of registration.
     *
     * @param device where
     * @param dataType the dtype of new parameters
     * @param batchShapes the shapes of a batch's data, used unless {@link #inputShapes()} declares others
     * @throws ConfigurationException if DJL's PyTorch engine cannot use the dtype, or cannot run a layer; if a layer has a
     *     dot in its name, or the name of another
     */
    public final void initialize(Device device, DataType dataType, Shape... batchShapes) {
        if (!DataTypes.isSupported(dataType)) {
            throw new ConfigurationException(ClassName.of(this) + " cannot be initialised as " + dataType
                    + ", which DJL's PyTorch engine cannot use; use " + DataTypes.trainableNames() + ".");
        }
        refuseUnusableLayers();
        ParameterNames.of(this).keys().forEach(name -> Require.name(name, "the name of a parameter"));
        Shape[] declared = Require.given(
                inputShapes(),
                "what inputShapes of " + ClassName.of(this) + " returned",
                "return no shapes for those of the first batch");
        Shape[] shapes = declared.length > 0 ? declared : batchShapes;
        closed = false;
        strangers.report();
        states.refresh();
        frozenLayers.refresh();
        MemoryScope.outside(() -> {
            initialize(ownManager(device), dataType, shapes);
            return shapes;
        });
    }

    private void refuseUnusableLayers() {
        String unusable = UnusableLayers.find(this);
        if (unusable != null) {
            throw new ConfigurationException(ClassName.of(this) + " has " + unusable + ".");
        }
    }

    /**
     * Initialises the children: each with the shapes declared for it, those that {@linkplain KnowsShapes know} their shapes
     * without, and the only one left with the module's own input shapes. Override it for anything else.
     *
     * @param manager owns the parameters
     * @param dataType the dtype of new parameters
     * @param inputShapes the module's input shapes
     * @throws ConfigurationException if several children are left without a declared shape
     */
    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
        StringJoiner undeclared = new StringJoiner(", ");
        Block remaining = null;
        int left = 0;
        for (Map.Entry<String, Block> child : LayerNames.of(this).entrySet()) {
            Block block = child.getValue();
            Shape[] declared = declaredShapes.get(block);
            if (declared != null) {
                block.initialize(manager, dataType, declared);
            } else if (block instanceof KnowsShapes known && known.knowsShapes()) {
                block.initialize(manager, dataType, inputShapes);
            } else if (needsParameters(block)) {
                undeclared.add(child.getKey());
                left += block == remaining ? 0 : 1;
                remaining = block;
            }
        }
        if (left > 1) {
            throw new ConfigurationException(ClassName.of(this)
                    + " has several children whose input shapes are not"
                    + " known: " + undeclared + ". Declare them with addChildBlock(name, block, new Shape(...)), batch"
                    + " dimension included, or override initializeChildBlocks.");
        }
        if (remaining != null) {
            remaining.initialize(manager, dataType, inputShapes);
        }
    }

    private static boolean needsParameters(Block block) {
        return !block.getParameters().isEmpty() && !block.isInitialized();
    }

    private NDManager ownManager(Device device) {
        if (manager == null) {
            manager = MemoryScope.outside(() -> NDManager.newBaseManager(device, "PyTorch"));
            manager.setName("module " + ClassName.of(this));
        }
        return manager;
    }

    // Forward

    /**
     * What the module computes, for {@code Predictor}, {@code Trainer.predict} and as a layer of another module. By
     * default the only child is called.
     *
     * @param inputs the inputs
     * @return the outputs
     */
    public NDList forward(NDList inputs) {
        if (children.size() != 1) {
            throw new ConfigurationException(ClassName.of(this) + " has " + children.size()
                    + " children, so what it computes has to be said: override forward(NDList).");
        }
        return call(children.valueAt(0), inputs);
    }

    /**
     * The module as it is, in eval mode and without gradients, wherever that is needed.
     *
     * @return to be closed, which frees what was made
     * @throws ConfigurationException if the module is closed or was never initialised
     */
    public final Inference inference() {
        requireParameters();
        return new Inference(this);
    }

    /**
     * What the module computes for one array, in eval mode and without gradients: its {@link #forward(NDList)}, not {@code
     * predictStep}. Nothing else is left of what was made.
     *
     * @param input the input, batch dimension included and of the parameters' dtype, moved to the module's device if it is
     *     elsewhere
     * @return the output, a copy that hangs on the manager of the input; in a hook it lives at most as long as the hook
     * @throws ConfigurationException if the module is closed or was never initialised, or has not one output
     * @throws LightningException if the input does not fit
     */
    public NDArray predict(NDArray input) {
        NDList outputs = predict(new NDList(Require.given(input, "the input that predict was given")));
        if (outputs.size() != 1) {
            int count = outputs.size();
            outputs.close();
            throw new ConfigurationException("forward of " + ClassName.of(this) + " returned " + count
                    + " outputs, so none is the only one. Call predict(new NDList(input)) for all of them.");
        }
        return outputs.head();
    }

    /**
     * What the module computes for its inputs, as {@link #predict(NDArray)} does.
     *
     * @param inputs the inputs, batch dimension included, moved to the module's device if they are elsewhere
     * @return the outputs, copies that hang on the manager of the first input; in a hook they live at most as long as the hook
     * @throws ConfigurationException if the module is closed or was never initialised
     * @throws DataException if there is no input
     * @throws LightningException if the inputs do not fit
     */
    public NDList predict(NDList inputs) {
        try (Inference in = inference()) {
            return in.copies(Require.given(inputs, "the inputs that predict was given"));
        }
    }

    private void requireParameters() {
        if (closed) {
            throw new ConfigurationException(ClassName.of(this) + " was closed, so its parameters are gone. Close a"
                    + " module when you have done with it, or load its weights into a new one.");
        }
        if (!isInitialized()) {
            throw new ConfigurationException(
                    ClassName.of(this)
                            + " has no parameters yet, outside a run. Train it, load weights, or call initialize(device, dataType, shapes);"
                            + " then use predict(array), inference(), trainer.predict(module, data), or model.newPredictor(...) of a DJL Model.");
        }
    }

    /**
     * Whether the module was closed and not initialised anew since.
     *
     * @return true if its parameters are gone
     */
    public final boolean isClosed() {
        return closed;
    }

    /**
     * Calls a layer; parameters and device are those of the loop or the forward pass around. In a training step it trains,
     * unless it is frozen; everywhere else it evaluates. Outside a loop and a forward pass only its outputs are left of what
     * was made; they hang on the manager of the inputs.
     *
     * @param block the layer
     * @param inputs its inputs
     * @return its outputs
     * @throws ConfigurationException if the module is closed or was never initialised, and in training for a layer with
     *     trainable parameters that the trained module does not know
     * @throws DataException if a recurrent layer is given states of another shape than its input asks for
     * @throws LightningException if the layer fails; the message names the innermost layer found and its input
     */
    protected final NDList call(Block block, NDList inputs) {
        refuseNull(block, inputs);
        CallContext context = CallContext.current();
        if (context == null) {
            return callAlone(block, inputs);
        }
        refuseUnregistered(block, context);
        checkStates(block, inputs);
        int given = inputs.size();
        try {
            NDList outputs = context.isTraining()
                    ? frozenLayers.train(context.parameterStore(), block, inputs)
                    : evaluate(context.parameterStore(), block, inputs);
            if (outputs != inputs) {
                cutTo(given, inputs);
            }
            outputs(block, outputs);
            if (isWatched(context)) {
                ForwardFailure.requireFinite(nameOf(block), block, inputs, outputs, context, frozenLayers);
            }
            return outputs;
        } catch (LightningException e) {
            throw e;
        } catch (RuntimeException e) {
            cutTo(given, inputs);
            RegisteredLayers.refuseUnmade(host(context), this, block, e);
            throw ForwardFailure.explain(nameOf(block), block, inputs, context, frozenLayers, e);
        }
    }

    private NDList evaluate(ParameterStore store, Block block, NDList inputs) {
        return store instanceof WatchingStore watching
                ? watching.forward(block, inputs)
                : states.forward(store, block, inputs, false);
    }

    private static boolean isWatched(CallContext context) {
        ModuleHost host = context.host();
        return context.isTraining() && host != null && host.detectsAnomalies();
    }

    private NDList callAlone(Block block, NDList inputs) {
        requireParameters();
        ParameterStore store = new ModuleParameterStore(
                inputs.isEmpty() ? ownManager(Device.cpu()) : inputs.head().getManager());
        try (MemoryScope scope = MemoryScope.open();
                CallContext context = CallContext.evaluating(store)) {
            NDList outputs = call(block, inputs);
            outputs.forEach(scope::handOut);
            return outputs;
        }
    }

    /** What is run: the module of the loop, or this one on its own. */
    private Block host(CallContext context) {
        ModuleHost host = context.host();
        return host == null ? this : host.run().module();
    }

    private void refuseUnregistered(Block block, CallContext context) {
        ModuleHost host = context.host();
        if (host == null || !context.isTraining()) {
            return;
        }
        Block trained = host.run().module();
        layers.enter(trained, this);
        if (!isChild(block)) {
            layers.check(trained, this, block);
        }
    }

    private void refuseNull(@Nullable Block block, @Nullable NDList inputs) {
        if (block == null) {
            throw new ConfigurationException("The layer that " + ClassName.of(this)
                    + " called is null. Make it in the constructor, before what calls it.");
        }
        if (inputs == null) {
            throw new ConfigurationException("call of " + nameOf(block) + " got null as input. Give it an NDList.");
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i) == null) {
                throw new ConfigurationException(
                        "call of " + nameOf(block) + " got null as input " + i + ". Leave out what there is none of.");
            }
        }
    }

    /** What a forward pass gave, which its author may have forgotten. */
    static NDList outputs(Block block, @Nullable NDList outputs) {
        if (outputs == null) {
            throw new ConfigurationException(
                    "forward of " + ClassName.of(block) + " returned null. Return the outputs of the layers it calls.");
        }
        return outputs;
    }

    private void checkStates(Block block, NDList inputs) {
        if (inputs.size() > 1) {
            StateChecks.check(nameOf(block), block, inputs);
        }
    }

    /** DJL's recurrent layers add the states they begin with to the list they are given. */
    private static void cutTo(int size, NDList list) {
        if (list.size() > size) {
            list.subList(size, list.size()).clear();
        }
    }

    private boolean isChild(Block block) {
        for (int i = 0; i < children.size(); i++) {
            if (children.valueAt(i) == block) {
                return true;
            }
        }
        return false;
    }

    /**
     * Calls a layer of one input for its first output.
     *
     * @param block the layer
     * @param input its input
     * @return its first output
     * @throws ConfigurationException if the module is closed or was never initialised, and in training for a layer with
     *     trainable parameters that the trained module does not know
     * @throws LightningException if the layer fails; the message names the innermost layer found and its input
     */
    protected final NDArray call(Block block, NDArray input) {
        NDList outputs = call(block, new NDList(input));
        if (outputs.isEmpty()) {
            throw new ConfigurationException(nameOf(block) + " returned no output. Call it with an NDList.");
        }
        return outputs.head();
    }

    /**
     * Calls a layer.
     *
     * @param block the layer
     * @param inputs its inputs
     * @return its outputs
     * @throws ConfigurationException if the module is closed or was never initialised, and in training for a layer with
     *     trainable parameters that the trained module does not know
     * @throws DataException if a recurrent layer is given states of another shape than its input asks for
     * @throws LightningException if the layer fails; the message names the innermost layer found and its input
     */
    protected final NDList call(Block block, NDArray... inputs) {
        return call(block, new NDList(inputs));
    }

    private String nameOf(Block block) {
        for (Map.Entry<String, Block> child : LayerNames.of(this).entrySet()) {
            if (child.getValue() == block) {
                return child.getKey();
            }
        }
        return ClassName.of(block);
    }

    @Override
    protected final NDList forwardInternal(
            ParameterStore parameterStore, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        try (CallContext context = CallContext.push(parameterStore, training, null)) {
            return outputs(this, forward(inputs));
        }
    }

    /**
     * The output shapes: those of the only child. Override it for a module with several.
     *
     * @param inputShapes the input shapes
     * @return the output shapes
     */
    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        if (children.size() != 1) {
            throw new ConfigurationException(ClassName.of(this) + " has " + children.size()
                    + " children; override getOutputShapes to use it where DJL asks for " + Arrays.toString(inputShapes)
                    + " in advance.");
        }
        return children.valueAt(0).getOutputShapes(inputShapes);
    }

    private static void close(AutoCloseable layer) {
        try {
            layer.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new LightningException(ClassName.of(layer) + " could not be closed: " + e + ".", e);
        }
    }

    /**
     * Frees the parameters and buffers this module owns, and closes layers that can be closed. Those that a DJL {@code Model} made stay with that Model. A closed
     * module can be initialised again, as a fit does; until then validation, test, prediction and forward refuse it.
     */
    @Override
    public void close() {
        metrics.values().forEach(Metric::close);
        LayerNames.nearest(AutoCloseable.class, this).forEach(ModuleBlock::close);
        if (manager != null) {
            for (Parameter parameter : getParameters().values()) {
                if (parameter.isInitialized() && parameter.getArray().getManager() == manager) {
                    parameter.close();
                }
            }
            manager.close();
            manager = null;
            closed = true;
        }
    }
}
