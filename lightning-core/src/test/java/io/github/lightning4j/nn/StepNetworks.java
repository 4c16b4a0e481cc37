package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.loss.CrossEntropyOptions;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.Adam;
import java.util.ArrayList;
import java.util.List;

/** The networks of {@code make_steps.py}, layer by layer and name by name. */
final class StepNetworks {
    private static final int TOKENS = 17;
    private static final int SIZE = 12;
    private static final int HEADS = 3;

    private StepNetworks() {}

    static Network of(String name) {
        return switch (name) {
            case "lstm" -> new Lstm();
            case "gru" -> new Gru();
            case "encoder" -> new Encoder();
            case "causal" -> new Causal();
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static TransformerOptions.Builder options() {
        return TransformerOptions.builder().feedforward(20).dropout(0);
    }

    /** What they share: Adam, and a list of the losses. */
    abstract static class Network extends LightningModule {
        final List<Double> losses = new ArrayList<>();

        abstract NDArray loss(NDList inputs, NDArray target);

        @Override
        public final NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray loss = loss(batch.getData(), batch.getLabels().head());
            losses.add(loss.getDataType() == DataType.FLOAT64 ? loss.getDouble() : loss.getFloat());
            return loss;
        }

        @Override
        public final OptimizerConfig configureOptimizers() {
            return Adam.builder(parameters()).lr(5e-3).build();
        }
    }

    private static final class Lstm extends Network {
        private final LSTM rnn = addChildBlock(
                "rnn", new LSTM(3, 8, RecurrentOptions.builder().layers(2).build()));
        private final Linear head = addChildBlock("head", new Linear(8, 1));

        @Override
        NDArray loss(NDList inputs, NDArray target) {
            NDArray states = call(rnn, inputs).get(1);
            return Losses.mse(call(head, states.get(1)), target);
        }
    }

    private static final class Gru extends Network {
        private static final CrossEntropyOptions LAST =
                CrossEntropyOptions.builder().classAxis(-1).ignoreIndex(-1).build();
        private final Embedding embedding = addChildBlock("embedding", Embedding.withPadding(TOKENS, 6, 0));
        private final GRU rnn = addChildBlock(
                "rnn", new GRU(6, 8, RecurrentOptions.builder().bidirectional().build()));
        private final Linear head = addChildBlock("head", new Linear(16, 3));

        @Override
        NDArray loss(NDList inputs, NDArray target) {
            NDArray embedded = call(embedding, inputs.get(0));
            NDArray out = call(rnn, embedded, inputs.get(1)).head();
            return Losses.crossEntropy(call(head, out), target, LAST);
        }
    }

    private static final class Encoder extends Network {
        private final Embedding embedding = addChildBlock("embedding", new Embedding(TOKENS, SIZE));
        private final TransformerEncoder encoder = addChildBlock(
                "encoder",
                new TransformerEncoder(2, SIZE, HEADS, options().gelu().build()));
        private final Linear head = addChildBlock("head", new Linear(SIZE, 3));

        @Override
        NDArray loss(NDList inputs, NDArray target) {
            NDArray tokens = inputs.get(0);
            NDArray steps = tokens.getManager().arange(tokens.getShape().get(1)).toType(DataType.INT64, false);
            NDArray padding = steps.gte(inputs.get(1).expandDims(1));
            NDArray out = call(encoder, call(embedding, tokens), padding).head();
            return Losses.crossEntropy(call(head, out.get(":, 0")), target);
        }
    }

    private static final class Causal extends Network {
        private static final CrossEntropyOptions LAST =
                CrossEntropyOptions.builder().classAxis(-1).build();
        private final Embedding embedding = addChildBlock("embedding", new Embedding(TOKENS, SIZE));
        private final TransformerEncoder encoder = addChildBlock(
                "encoder",
                new TransformerEncoder(
                        2, SIZE, HEADS, options().normFirst().causal().build()));
        private final Linear head = addChildBlock("head", new Linear(SIZE, TOKENS));

        @Override
        NDArray loss(NDList inputs, NDArray target) {
            NDArray out = call(encoder, call(embedding, inputs).head());
            return Losses.crossEntropy(call(head, out), target, LAST);
        }
    }
}
