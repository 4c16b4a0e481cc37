package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import io.github.lightning4j.DataException;
import io.github.lightning4j.internal.torch.TorchFunction;
import java.util.ArrayList;
import java.util.List;

/**
 * Hugging Face's {@code BertModel} without its pooler (Devlin et al. 2018): BERT, all-MiniLM, BGE, E5 and many other encoders
 * of text. Parameters have its names, {@code embeddings.word_embeddings.weight} to {@code
 * encoder.layer.5.output.LayerNorm.bias}, so that a file of such a model loads by them.
 *
 * <pre>{@code
 * BertEncoder encoder = new BertEncoder(BertConfig.read(folder.resolve("config.json")), Pooling.MEAN);
 * encoder.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
 * try (WeightsFile weights = Checkpoint.openWeights(folder.resolve("model.safetensors"))) {
 *     weights.restoreInto(encoder, Names.prefix("bert.", ""), Names.skip("pooler\\..*|cls\\..*|embeddings\\.position_ids"));
 * }
 * }</pre>
 *
 * <p>Inputs, in Hugging Face's order: {@code input_ids}, INT64 or INT32 (N, L); then, if wanted, {@code attention_mask} (N,
 * L), 1 or true for a token and 0 or false for padding; then, if wanted, {@code token_type_ids}, INT64 or INT32 (N, L), which
 * are 0 otherwise. Output: (N, L, hidden size), or (N, hidden size) with {@link Pooling#MEAN} or {@link Pooling#CLS}.
 *
 * <p>It starts as Hugging Face's: weights normal with deviation {@code initializer_range}, biases 0.
 */
public final class BertEncoder extends TorchNetwork {
    private static final TorchFunction ONES =
            TorchFunction.returning("ids", "torch.ones([ids.size(0), ids.size(1)], dtype=11, device=ids.device)");
    private static final TorchFunction KEYS = TorchFunction.returning("mask", "(mask != 0).unsqueeze(1).unsqueeze(1)");

    private final BertConfig config;
    private final Pooling pooling;
    private final Block embeddings;
    private final List<Block> layers = new ArrayList<>();

    /**
     * Creates the encoder.
     *
     * @param config its sizes
     * @param pooling what becomes of the tokens of a text
     */
    public BertEncoder(BertConfig config, Pooling pooling) {
        this.config = config;
        this.pooling = pooling;
        embeddings = addChildBlock("embeddings", new BertEmbeddings(config));
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            layers.add(addChildBlock("encoder.layer." + i, new BertLayer(config)));
        }
        float deviation = (float) config.initializerRange();
        Initializer drawn = (manager, shape, type) -> manager.randomNormal(0, deviation, shape, type);
        for (Block layer : layers) {
            layer.setInitializer(drawn, Parameter.Type.WEIGHT);
            layer.setInitializer(Initializer.ZEROS, Parameter.Type.BIAS);
        }
        for (Block embedding : embeddings.getChildren().values().subList(1, 3)) {
            embedding.setInitializer(drawn, Parameter.Type.WEIGHT);
        }
    }

    /**
     * The sizes.
     *
     * @return what it was made with
     */
    public BertConfig config() {
        return config;
    }

    @Override
    NDArray compute(Pass pass, NDList inputs) {
        check(inputs);
        NDArray ids = inputs.head();
        NDArray mask = inputs.size() > 1 ? inputs.get(1) : ONES.apply(ids);
        NDArray x = inputs.size() > 2 ? pass.through(embeddings, ids, inputs.get(2)) : pass.through(embeddings, ids);
        NDArray keys = KEYS.apply(mask);
        for (Block layer : layers) {
            x = pass.through(layer, x, keys);
        }
        return pooling == Pooling.NONE ? x : pooling.function.apply(x, mask);
    }

    private void check(NDList inputs) {
        NDArray ids = inputs.head();
        Shape shape = ids.getShape();
        if (inputs.size() > 3 || shape.dimension() != 2 || shape.size() == 0) {
            throw new DataException("BertEncoder got " + inputs + ", but needs input_ids of shape (texts, tokens), then"
                    + " attention_mask and token_type_ids of the same shape, or nothing.");
        }
        for (NDArray other : inputs) {
            if (!other.getShape().equals(shape)) {
                throw new DataException("BertEncoder got input_ids of shape " + shape + " and with them one of shape "
                        + other.getShape() + ", but attention_mask and token_type_ids have the shape of input_ids.");
            }
        }
        if (shape.get(1) > config.maxPositionEmbeddings()) {
            throw new DataException("BertEncoder got texts of " + shape.get(1) + " tokens, but knows "
                    + config.maxPositionEmbeddings() + " positions (max_position_embeddings). Cut the texts.");
        }
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape ids = inputShapes[0];
        return new Shape[] {(pooling == Pooling.NONE ? ids : ids.slice(0, 1)).add(config.hiddenSize())};
    }
}
