package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.torch.TorchFunction;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * torch's {@code MultiheadAttention} with samples first (Vaswani et al. 2017), by torch's {@code
 * scaled_dot_product_attention}. Parameters {@code in_proj_weight}, {@code in_proj_bias}, {@code out_proj.weight}, {@code
 * out_proj.bias}.
 *
 * <p>Inputs: one (N, L, size), which attends to itself; or three, query (N, L, size), key and value (N, S, size). Then, if
 * wanted, the padding of keys: BOOLEAN (N, S), true where a key is <em>not</em> to be looked at; and a mask, (1, L, S) or
 * (N * heads, L, S): BOOLEAN, likewise, or numbers that are added before softmax. {@link AttentionInputs} gathers them. Each
 * step needs a key that is looked at. Output: (N, L, size).
 */
public final class MultiheadAttention extends TorchLayer {
    private final int size;
    private final int heads;
    private final double dropout;
    private final boolean causal;
    private final Linear projection;
    private final @Nullable TorchFunction[] functions = new TorchFunction[96];
    private @Nullable LowRank adapter;

    /**
     * Creates the layer without dropout, each step looking at all.
     *
     * @param size numbers a step, a multiple of heads
     * @param heads how many heads share them, 1 or more
     * @throws io.github.lightning4j.ConfigurationException if the heads do not divide the size
     */
    public MultiheadAttention(int size, int heads) {
        this(size, heads, 0);
    }

    /**
     * Creates the layer, each step looking at all.
     *
     * @param size numbers a step, a multiple of heads
     * @param heads how many heads share them, 1 or more
     * @param dropout what part of the weights of attention is dropped in training, 0 or more and below 1
     * @throws io.github.lightning4j.ConfigurationException if the heads do not divide the size, or dropout is out of range
     */
    public MultiheadAttention(int size, int heads, double dropout) {
        this(size, heads, dropout, false);
    }

    /**
     * Creates the layer, each step looking at itself and earlier ones alone.
     *
     * @param size numbers a step, a multiple of heads
     * @param heads how many heads share them, 1 or more
     * @param dropout what part of the weights of attention is dropped in training, 0 or more and below 1
     * @return the layer
     * @throws io.github.lightning4j.ConfigurationException if the heads do not divide the size, or dropout is out of range
     */
    public static MultiheadAttention causal(int size, int heads, double dropout) {
        return new MultiheadAttention(size, heads, dropout, true);
    }

    private MultiheadAttention(int size, int heads, double dropout, boolean causal) {
        Require.atLeast(1, heads, "heads of MultiheadAttention");
        Require.that(size > 0 && size % heads == 0, "size of MultiheadAttention", size, "a multiple of " + heads, "");
        this.size = size;
        this.heads = heads;
        this.dropout = Require.belowOne(dropout, "dropout of MultiheadAttention");
        this.causal = causal;
        parameter("in_proj_weight", Parameter.Type.WEIGHT, uniform(Math.sqrt(6.0 / (4 * size))), 3L * size, size);
        parameter("in_proj_bias", Parameter.Type.BIAS, Initializer.ZEROS, 3L * size);
        projection = addChildBlock("out_proj", new Linear(size, size));
        projection.setInitializer(MultiheadAttention::drawnAndZeroed, Parameter.Type.BIAS);
    }

    /** torch draws this bias before it sets it to 0, which moves its generator. */
    private static NDArray drawnAndZeroed(NDManager manager, Shape shape, DataType dataType) {
        manager.randomUniform(-1, 1, shape, dataType).close();
        return manager.zeros(shape, dataType);
    }

    @Override
    TorchFunction function(NDList inputs, boolean training) {
        return function(Given.of(inputs), training);
    }

    private TorchFunction function(Given given, boolean training) {
        check(given);
        int at = (training ? 1 : 0)
                + (given.three() ? 2 : 0)
                + (given.padding() == null ? 0 : 4)
                + 8 * given.kind().ordinal()
                + 24 * adapters();
        TorchFunction function = functions[at];
        if (function == null) {
            function = new AttentionText(
                            size,
                            heads,
                            given.three(),
                            given.padding() != null,
                            given.kind(),
                            of(adapter),
                            of(projection.adapter()))
                    .write(training, dropout, causal);
            functions[at] = function;
        }
        return function;
    }

    private void check(Given given) {
        for (NDArray each : given.samples()) {
            Shape shape = each.getShape();
            require(
                    shape.dimension() == 3 && shape.get(2) == size && shape.size() > 0,
                    each,
                    "(samples, steps, " + size + ")");
        }
        Shape query = given.samples().head().getShape();
        Shape key = given.samples().get(given.three() ? 1 : 0).getShape();
        NDArray padding = given.padding();
        if (padding != null) {
            require(padding.getShape().equals(key.slice(0, 2)), padding, "a padding of shape " + key.slice(0, 2));
        }
        NDArray mask = given.mask();
        if (mask != null) {
            Shape shared = new Shape(1, query.get(1), key.get(1));
            Shape each = new Shape(query.get(0) * heads, query.get(1), key.get(1));
            require(
                    mask.getShape().equals(shared) || mask.getShape().equals(each),
                    mask,
                    "a mask of shape " + shared + ", or " + each + " for each sample and head");
        }
    }

    /** Which adapters are on: of the inputs, of the outputs. */
    private int adapters() {
        return (of(adapter) == null ? 0 : 1) + (of(projection.adapter()) == null ? 0 : 2);
    }

    private static @Nullable LowRank of(@Nullable LowRank adapter) {
        return adapter != null && adapter.isActive() ? adapter : null;
    }

    @Override
    Collection<Parameter> used() {
        return LowRank.used(adapter, parameters.values());
    }

    /** Keys that a mask hides are counted as well. */
    @Override
    public OptionalLong flops(List<Shape> inputs, List<Shape> outputs) {
        Shape query = inputs.get(0);
        boolean three = inputs.size() > 2
                && inputs.get(1).dimension() == 3
                && inputs.get(2).dimension() == 3;
        Shape key = inputs.get(three ? 1 : 0);
        long queries = LayerFlops.rows(query);
        long projected = 2 * (queries + 2 * LayerFlops.rows(key)) * weightsOfAProjection();
        return OptionalLong.of(
                projected + LayerFlops.applied(queries, projection.used()) + 4 * queries * key.get(1) * size);
    }

    /** Of one of the three that queries, keys and values go through. */
    private long weightsOfAProjection() {
        LowRank low = of(adapter);
        long own = (long) size * size;
        return low == null ? own : own + low.weights(3);
    }

    @Override
    boolean isAdaptable() {
        return true;
    }

    @Override
    void adapt(LowRankSettings settings) {
        adapter = newAdapter(settings, size, 3 * size);
        projection.adapt(settings);
    }

    @Override
    @Nullable
    LowRank adapter() {
        return adapter;
    }

    @Override
    void mergeAdapter() {
        super.mergeAdapter();
        adapter = null;
        Arrays.fill(functions, null);
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        Given given = Given.of(inputs);
        NDList all = given.inOrder();
        for (Parameter parameter : used()) {
            all.add(store.getValue(parameter, inputs.head().getDevice(), training));
        }
        for (Parameter parameter : projection.used()) {
            all.add(store.getValue(parameter, inputs.head().getDevice(), training));
        }
        return function(given, training).applyAll(all.toArray(new NDArray[0]));
    }

    /** In torch's order: the projection of the output first. */
    @Override
    public void initialize(NDManager manager, DataType dataType, Shape... inputShapes) {
        projection.initialize(manager, dataType, inputShapes);
        super.initialize(manager, dataType, inputShapes);
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {}

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0]};
    }

    /** The inputs by what they are. */
    private record Given(
            NDList samples,
            @Nullable NDArray padding,
            @Nullable NDArray mask) {

        static Given of(NDList inputs) {
            NDList samples = new NDList(3);
            NDArray padding = null;
            NDArray mask = null;
            for (NDArray input : inputs) {
                if (input.getDataType() != DataType.BOOLEAN) {
                    samples.add(input);
                } else if (input.getShape().dimension() == 2) {
                    padding = once(padding, input);
                } else {
                    mask = once(mask, input);
                }
            }
            if (samples.size() % 2 == 0 && !samples.isEmpty()) {
                mask = once(mask, samples.remove(samples.size() - 1));
            }
            if (samples.size() != 1 && samples.size() != 3) {
                throw wrong(inputs);
            }
            return new Given(samples, padding, mask);
        }

        private static NDArray once(@Nullable NDArray before, NDArray input) {
            if (before != null) {
                throw new DataException("MultiheadAttention got two masks of one kind, of shapes " + before.getShape()
                        + " and " + input.getShape() + ". Combine them into one.");
            }
            return input;
        }

        private static DataException wrong(NDList inputs) {
            return new DataException("MultiheadAttention got inputs of shapes " + Arrays.toString(inputs.getShapes())
                    + ", but needs one, or query, key and value; then the padding of keys as BOOLEAN and a mask, or"
                    + " nothing. AttentionInputs gathers them.");
        }

        boolean three() {
            return samples.size() == 3;
        }

        AttentionText.Mask kind() {
            if (mask == null) {
                return AttentionText.Mask.NONE;
            }
            return mask.getDataType() == DataType.BOOLEAN ? AttentionText.Mask.BOOLEAN : AttentionText.Mask.ADDED;
        }

        NDList inOrder() {
            NDList all = new NDList(samples);
            if (padding != null) {
                all.add(padding);
            }
            if (mask != null) {
                all.add(mask);
            }
            return all;
        }
    }
}
