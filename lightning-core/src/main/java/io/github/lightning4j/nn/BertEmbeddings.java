package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.lightning4j.internal.torch.TorchFunction;

/** Token, segment and position of each token, added and normalised. */
final class BertEmbeddings extends TorchNetwork {
    private final BertConfig config;
    private final Block words;
    private final Block positions;
    private final Block types;
    private final Block norm;
    private final TorchFunction first;
    private final TorchFunction both;
    private final TorchFunction dropout;

    BertEmbeddings(BertConfig config) {
        this.config = config;
        int size = config.hiddenSize();
        int pad = config.padTokenId();
        Embedding tokens = pad < 0
                ? new Embedding(config.vocabSize(), size)
                : Embedding.withPadding(config.vocabSize(), size, pad);
        words = addChildBlock("word_embeddings", tokens);
        positions = addChildBlock("position_embeddings", new Embedding(config.maxPositionEmbeddings(), size));
        types = addChildBlock("token_type_embeddings", new Embedding(config.typeVocabSize(), size));
        norm = addChildBlock("LayerNorm", new LayerNorm(config.layerNormEps(), size));
        words.setInitializer(this::drawn, Parameter.Type.WEIGHT);
        first = TorchFunction.returning("x, p, t", "x + t[0] + p[:x.size(1)]");
        both = TorchFunction.returning("x, p, t, ids", "x + torch.embedding(t, ids) + p[:x.size(1)]");
        dropout = TorchFunction.returning("x", "torch.dropout(x, " + config.hiddenDropoutProb() + ", True)");
    }

    private NDArray drawn(NDManager manager, Shape shape, DataType type) {
        NDArray weight = manager.randomNormal(0, (float) config.initializerRange(), shape, type);
        if (config.padTokenId() >= 0) {
            try (NDArray zeros = manager.zeros(new Shape(config.hiddenSize()), type)) {
                weight.set(new NDIndex(config.padTokenId()), zeros);
            }
        }
        return weight;
    }

    /** Of tokens, and of segments if there are any. */
    @Override
    NDArray compute(Pass pass, NDList inputs) {
        NDArray x = pass.through(words, inputs.head());
        NDArray p = weight(pass, positions, x);
        NDArray t = weight(pass, types, x);
        NDArray sum = inputs.size() == 1 ? first.apply(x, p, t) : both.apply(x, p, t, inputs.get(1));
        NDArray normed = pass.through(norm, sum);
        return pass.training() && config.hiddenDropoutProb() > 0 ? dropout.apply(normed) : normed;
    }

    private static NDArray weight(Pass pass, Block embedding, NDArray like) {
        Parameter weight = embedding.getDirectParameters().valueAt(0);
        return pass.store().getValue(weight, like.getDevice(), pass.training());
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0].add(config.hiddenSize())};
    }
}
