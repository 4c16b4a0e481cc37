package io.github.lightning4j.nn;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.Pair;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.KnowsFlops;
import io.github.lightning4j.KnowsShapes;
import io.github.lightning4j.internal.name.ClassName;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A layer whose weight is computed from other parameters before each call. The layer itself is hidden; its bias is not. */
abstract class Reparametrized extends AbstractBlock implements KnowsShapes, KnowsFlops {
    private static final String WEIGHT = "weight";

    final Block layer;
    final Parameter weight;

    Reparametrized(Block layer) {
        this.layer = layer;
        Parameter own = layer.getDirectParameters().get(WEIGHT);
        if (own == null || !layer.getChildren().isEmpty()) {
            throw new ConfigurationException(ClassName.of(this) + " got " + ClassName.of(layer)
                    + ", but needs a layer with a parameter named weight and without layers inside, such as Linear or"
                    + " Conv2d.");
        }
        weight = own;
        for (Pair<String, Parameter> each : layer.getDirectParameters()) {
            if (each.getValue() != own) {
                parameters.put(each.getKey(), each.getValue());
            }
        }
    }

    /** Registers the layer's own weight under torch's name for it. */
    final void original(String name) {
        parameters.put(name, weight);
    }

    final Parameter add(String name, Parameter.Type type, Initializer initializer) {
        Parameter parameter = Parameter.builder()
                .setName(name)
                .setType(type)
                .optInitializer(initializer)
                .optRequiresGrad(type == Parameter.Type.WEIGHT)
                .build();
        parameters.put(name, parameter);
        return parameter;
    }

    /** The weight that the layer is called with. */
    abstract NDArray compute(Values values, boolean training);

    /** Says the shapes of the parameters that were added, once that of the weight is known. */
    abstract void setShapes(Shape ofWeight);

    @Override
    public final boolean knowsShapes() {
        return layer instanceof KnowsShapes known && known.knowsShapes();
    }

    @Override
    public void initialize(NDManager manager, DataType dataType, Shape... inputShapes) {
        layer.initialize(manager, dataType, inputShapes);
        super.initialize(manager, dataType, inputShapes);
    }

    @Override
    protected final void prepare(Shape[] inputShapes) {
        setShapes(weight.getShape());
    }

    @Override
    protected final NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        Device device = inputs.head().getDevice();
        NDArray computed = compute(parameter -> store.getValue(parameter, device, training), training);
        return layer.forward(new Replaced(store, weight, computed), inputs, training, params);
    }

    @Override
    public final Shape[] getOutputShapes(Shape[] inputShapes) {
        return layer.getOutputShapes(inputShapes);
    }

    @Override
    public final OptionalLong flops(List<Shape> inputs, List<Shape> outputs) {
        return LayerFlops.of(layer, inputs, outputs);
    }

    /** The values of parameters in this call. */
    interface Values {
        NDArray of(Parameter parameter);
    }

    /** A store with another value for one parameter. */
    private static final class Replaced extends ParameterStore {
        private final ParameterStore store;
        private final Parameter replaced;
        private final NDArray value;

        Replaced(ParameterStore store, Parameter replaced, NDArray value) {
            super(store.getManager(), false);
            this.store = store;
            this.replaced = replaced;
            this.value = value;
        }

        @Override
        public @Nullable NDArray getValue(@Nullable Parameter parameter, Device device, boolean training) {
            return parameter == replaced ? value : store.getValue(parameter, device, training);
        }
    }
}
