package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.lightning4j.KnowsFlops;
import io.github.lightning4j.internal.torch.TorchFunction;
import java.util.List;
import java.util.OptionalLong;

/** Attention and hidden units, each added to what it was given and normalised, under the names of Hugging Face. */
final class BertLayer extends TorchNetwork implements KnowsFlops {
    private final BertConfig config;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear attended;
    private final Block attendedNorm;
    private final Linear intermediate;
    private final Linear output;
    private final Block outputNorm;
    private final TorchFunction attention;
    private final TorchFunction attentionInTraining;
    private final TorchFunction activation;
    private final TorchFunction add;

    BertLayer(BertConfig config) {
        this.config = config;
        int size = config.hiddenSize();
        query = addChildBlock("attention.self.query", new Linear(size, size));
        key = addChildBlock("attention.self.key", new Linear(size, size));
        value = addChildBlock("attention.self.value", new Linear(size, size));
        attended = addChildBlock("attention.output.dense", new Linear(size, size));
        attendedNorm = addChildBlock("attention.output.LayerNorm", new LayerNorm(config.layerNormEps(), size));
        intermediate = addChildBlock("intermediate.dense", new Linear(size, config.intermediateSize()));
        output = addChildBlock("output.dense", new Linear(config.intermediateSize(), size));
        outputNorm = addChildBlock("output.LayerNorm", new LayerNorm(config.layerNormEps(), size));
        attention = attention(0);
        attentionInTraining = attention(config.attentionProbsDropoutProb());
        activation = TorchFunction.returning("x", config.activation());
        add = TorchFunction.returning("x, y", "x + torch.dropout(y, " + config.hiddenDropoutProb() + ", True)");
    }

    private TorchFunction attention(double dropout) {
        int heads = config.numAttentionHeads();
        int size = config.hiddenSize() / heads;
        String body = "";
        for (String name : new String[] {"q", "k", "v"}) {
            body += name + " = " + name + ".view([" + name + ".size(0), -1, " + heads + ", " + size
                    + "]).transpose(1, 2)\n";
        }
        body += "x = torch.scaled_dot_product_attention(q, k, v, mask, " + dropout + ", False)\n";
        body += "return x.transpose(1, 2).reshape([x.size(0), -1, " + config.hiddenSize() + "])";
        return TorchFunction.of("q, k, v, mask", body);
    }

    /** Of tokens (N, L, size) and of what each looks at, BOOLEAN (N, 1, 1, L). */
    @Override
    NDArray compute(Pass pass, NDList inputs) {
        NDArray x = inputs.head();
        NDArray seen = (pass.training() ? attentionInTraining : attention)
                .apply(pass.through(query, x), pass.through(key, x), pass.through(value, x), inputs.get(1));
        NDArray attending = pass.through(attendedNorm, plus(pass, pass.through(attended, seen), x));
        NDArray units = activation.apply(pass.through(intermediate, attending));
        return pass.through(outputNorm, plus(pass, pass.through(output, units), attending));
    }

    @Override
    public OptionalLong flops(List<Shape> inputs, List<Shape> outputs) {
        Shape x = inputs.get(0);
        Shape units = x.slice(0, 2).add(config.intermediateSize());
        long products = 2 * 2 * x.size() * x.get(1);
        for (Linear layer : List.of(query, key, value, attended, intermediate)) {
            products += layer.flops(List.of(x), List.of()).orElseThrow();
        }
        return OptionalLong.of(
                products + output.flops(List.of(units), List.of()).orElseThrow());
    }

    private NDArray plus(Pass pass, NDArray y, NDArray x) {
        return pass.training() && config.hiddenDropoutProb() > 0 ? add.apply(x, y) : y.add(x);
    }
}
