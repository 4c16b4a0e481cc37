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
import org.jspecify.annotations.Nullable;

/**
 * torch's {@code MultiheadAttention} with samples first (Vaswani et al. 2017), by torch's {@code
 * scaled_dot_product_attention}. Parameters {@code in_proj_weight}, {@code in_proj_bias}, {@code out_proj.weight}, {@code
 * out_proj.bias}.
 *
 * <p>Inputs: one (N, L, size), which attends to itself; or three, query (N, L, size), key and value (N, S, size). Then, if
 * wanted, the padding of keys: BOOLEAN (N, S), true where a key is <em>not</em> to be looked at. Each sample needs a key
 * that is looked at. Output: (N, L, size).
 */
public final class MultiheadAttention extends TorchLayer {
    private final int size;
    private final int heads;
    private final double dropout;
    private final String causal;
    private final Linear projection;
    private final @Nullable TorchFunction[] functions = new TorchFunction[32];
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
        this(size, heads, dropout, "");
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
        return new MultiheadAttention(size, heads, dropout, "causal");
    }

    private MultiheadAttention(int size, int heads, double dropout, String causal) {
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

    private TorchFunction write(int kind) {
        boolean training = (kind & 1) != 0;
        boolean three = (kind & 2) != 0;
        boolean padded = (kind & 4) != 0;
        LowRank ofInputs = (kind & 8) != 0 ? adapter : null;
        LowRank ofOutputs = (kind & 16) != 0 ? projection.adapter() : null;
        String body = split("q", "x", 0, ofInputs, training)
                + split("k", three ? "key" : "x", 1, ofInputs, training)
                + split("v", three ? "value" : "x", 2, ofInputs, training);
        String mask = "None";
        if (padded) {
            body += "mask = torch.logical_not(padding).view([x.size(0), 1, 1, -1])\n";
            mask = "mask";
            if (!causal.isEmpty()) {
                body += "mask = torch.logical_and(mask, torch.ones([q.size(2), k.size(2)], dtype=mask.dtype,"
                        + " device=x.device).tril())\n";
            }
        }
        String rest = (training ? dropout : 0) + ", " + (!padded && !causal.isEmpty() ? "True" : "False");
        body += "out = torch.scaled_dot_product_attention(q, k, v, " + mask + ", " + rest + ")\n";
        body += "out = out.transpose(1, 2).reshape([x.size(0), x.size(1), " + size + "])\n";
        body += "return torch.linear(out, wo, bo)"
                + (ofOutputs == null ? "" : ofOutputs.term("out", "loa", "lob", training));
        String names = "x" + (three ? ", key, value" : "") + (padded ? ", padding" : "") + ", w, b"
                + (ofInputs == null ? "" : ", la, lb") + ", wo, bo" + (ofOutputs == null ? "" : ", loa, lob");
        return TorchFunction.of(names, body);
    }

    private String split(String name, String input, int part, @Nullable LowRank adapter, boolean training) {
        String rows = "[" + part * size + ":" + (part + 1) * size + "]";
        String added = adapter == null ? "" : adapter.term(input, "la", "lb" + rows, training);
        return name + " = (torch.linear(" + input + ", w" + rows + ", b" + rows + ")" + added + ").view([" + input
                + ".size(0), " + input + ".size(1), " + heads + ", " + size / heads + "]).transpose(1, 2)\n";
    }

    @Override
    TorchFunction function(NDList inputs, boolean training) {
        int last = inputs.size() - 1;
        boolean padded = last > 0 && inputs.get(last).getDataType() == DataType.BOOLEAN;
        int samples = inputs.size() - (padded ? 1 : 0);
        if (samples != 1 && samples != 3) {
            throw new DataException(
                    "MultiheadAttention got " + samples + " inputs, but needs one, or query, key and value;"
                            + " then the padding of keys as BOOLEAN, or nothing.");
        }
        for (int i = 0; i < samples; i++) {
            Shape shape = inputs.get(i).getShape();
            require(
                    shape.dimension() == 3 && shape.get(2) == size && shape.size() > 0,
                    inputs.get(i),
                    "(samples, steps, " + size + ")");
        }
        if (padded) {
            Shape keys = inputs.get(samples == 3 ? 1 : 0).getShape().slice(0, 2);
            require(inputs.get(last).getShape().equals(keys), inputs.get(last), "a padding of shape " + keys);
        }
        int kind = (training ? 1 : 0) | (samples == 3 ? 2 : 0) | (padded ? 4 : 0) | adapters();
        TorchFunction written = functions[kind];
        if (written == null) {
            written = write(kind);
            functions[kind] = written;
        }
        return written;
    }

    private int adapters() {
        LowRank ofOutputs = projection.adapter();
        return (adapter != null && adapter.isActive() ? 8 : 0) | (ofOutputs != null && ofOutputs.isActive() ? 16 : 0);
    }

    @Override
    Collection<Parameter> used() {
        return adapter == null || adapter.isActive()
                ? parameters.values()
                : parameters.values().stream().limit(2).toList();
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
        NDList all = new NDList(inputs);
        for (Parameter parameter : used()) {
            all.add(store.getValue(parameter, inputs.head().getDevice(), training));
        }
        for (Parameter parameter : projection.used()) {
            all.add(store.getValue(parameter, inputs.head().getDevice(), training));
        }
        return function(inputs, training).applyAll(all.toArray(new NDArray[0]));
    }

    /** In torch's order: the projection of the output first. */
    @Override
    public void initialize(NDManager manager, DataType dataType, Shape... inputShapes) {
        projection.initialize(manager, dataType, inputShapes[0]);
        super.initialize(manager, dataType, inputShapes);
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {}

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0]};
    }
}
