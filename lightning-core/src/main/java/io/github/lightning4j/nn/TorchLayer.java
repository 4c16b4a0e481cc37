package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.KnowsFlops;
import io.github.lightning4j.KnowsShapes;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.TorchFunction;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A layer whose parameters have torch's names, shapes and initial values, known when it is constructed, and which is one
 * function of its inputs and them.
 */
public abstract class TorchLayer extends AbstractBlock implements KnowsShapes, KnowsFlops {

    TorchLayer() {}

    /** Registers a parameter; the function is given its value after the inputs, in order of registration. */
    final void parameter(String name, Parameter.Type type, Initializer initializer, long... shape) {
        addParameter(Parameter.builder()
                .setName(name)
                .setType(type)
                .optShape(new Shape(shape))
                .optInitializer(initializer)
                .build());
    }

    /**
     * Uses another layer's parameter in place of one of its own, as {@code head.weight = embedding.weight} does in torch: it
     * is trained once and saved once, under its first name, and exported under both.
     *
     * @param name the name here, {@code weight} for instance
     * @param shared the other layer's, of the same shape
     * @throws ConfigurationException if there is no parameter of that name here, the shapes differ, or this layer has been
     *     initialised
     */
    public final void tie(String name, Parameter shared) {
        Parameter own = parameters.get(name);
        if (own == null) {
            throw new ConfigurationException(ClassName.of(this) + " has no parameter '" + name + "' to tie; it has "
                    + parameters.keySet() + ".");
        }
        Require.that(
                own.getShape().equals(shared.getShape()),
                "the shape of what " + name + " of " + ClassName.of(this) + " is tied to",
                shared.getShape(),
                "its own, " + own.getShape(),
                "");
        Require.that(
                !own.isInitialized(), name + " of " + ClassName.of(this), "initialised", "not so yet", "tie it first");
        parameters.put(name, shared);
    }

    /** Uniform in plus and minus a bound. */
    static Initializer uniform(double bound) {
        return (manager, shape, dataType) -> manager.randomUniform((float) -bound, (float) bound, shape, dataType);
    }

    /** Normal with mean 0 and deviation 1. */
    static Initializer normal() {
        return (manager, shape, dataType) -> manager.randomNormal(0, 1, shape, dataType);
    }

    /** The function of the inputs and the parameters, after checking the inputs. */
    abstract TorchFunction function(NDList inputs, boolean training);

    @Override
    protected NDList forwardInternal(
            ParameterStore parameterStore, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        TorchFunction function = function(inputs, training);
        Collection<Parameter> used = used();
        NDArray[] arguments = new NDArray[inputs.size() + used.size()];
        int next = 0;
        for (NDArray input : inputs) {
            arguments[next++] = input;
        }
        for (Parameter parameter : used) {
            arguments[next++] = parameterStore.getValue(parameter, inputs.head().getDevice(), training);
        }
        return function.applyAll(arguments);
    }

    /** The parameters that the function is given. */
    Collection<Parameter> used() {
        return parameters.values();
    }

    @Override
    public OptionalLong flops(List<Shape> inputs, List<Shape> outputs) {
        return OptionalLong.of(0);
    }

    /** Whether adapters can be put on this layer. */
    boolean isAdaptable() {
        return false;
    }

    /** Puts adapters on the layer. */
    void adapt(LowRankSettings settings) {
        throw new IllegalStateException(ClassName.of(this));
    }

    /** Makes an adapter of the first parameter. */
    final LowRank newAdapter(LowRankSettings settings, int inputs, int outputs) {
        if (adapter() != null) {
            throw new ConfigurationException(
                    ClassName.of(this) + " has adapters already. Merge them first, LoRA.merge(block).");
        }
        LowRank adapter = new LowRank(settings, inputs, outputs);
        adapter.parameters().forEach(this::addParameter);
        return adapter;
    }

    /** The adapters that are on the layer, but for those on layers within it. */
    @Nullable
    LowRank adapter() {
        return null;
    }

    /** Makes the adapters a part of the weights, and takes them off. */
    void mergeAdapter() {
        LowRank adapter = adapter();
        if (adapter != null) {
            adapter.mergeInto(parameters.values().iterator().next());
            parameters.values().removeIf(adapter::has);
        }
    }

    /**
     * Refuses an input that does not fit.
     *
     * @param fits whether it does
     * @param input the input
     * @param expected what would
     */
    final void require(boolean fits, NDArray input, String expected) {
        if (!fits) {
            throw new DataException(ClassName.of(this) + " got an input of shape " + input.getShape() + " "
                    + input.getDataType() + ", but needs " + expected + ".");
        }
    }

    static boolean endsWith(Shape shape, long[] end) {
        int at = shape.dimension() - end.length;
        return at >= 0 && shape.slice(at).equals(new Shape(end));
    }
}
