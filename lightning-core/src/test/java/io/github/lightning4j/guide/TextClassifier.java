package io.github.lightning4j.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.nn.recurrent.GRU;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.optim.Adam;

public final class TextClassifier extends LightningModule {
    private final int letters;
    private final Block gru;
    private final Block head;
    private final Accuracy accuracy = metric("val_acc", new Accuracy(2));

    public TextClassifier(int letters) {
        this.letters = letters;
        gru = addChildBlock(
                "gru",
                GRU.builder()
                        .setNumLayers(1)
                        .setStateSize(16)
                        .optBatchFirst(true)
                        .build(),
                new Shape(1, 1, letters));
        head = addChildBlock("head", Linear.builder().setUnits(2).build(), new Shape(1, 16));
    }

    @Override
    public NDArray trainingStep(Batch batch, int batchIndex) {
        NDArray logits = forward(batch.getData()).head();
        return Losses.crossEntropy(logits, batch.getLabels().head());
    }

    @Override
    public void validationStep(Batch batch, int batchIndex) {
        NDArray logits = forward(batch.getData()).head();
        accuracy.update(logits, batch.getLabels().head());
        log("val_acc", accuracy);
    }

    @Override
    public NDList forward(NDList inputs) {
        NDArray codes = inputs.get(0);
        NDArray lengths = inputs.get(1);
        NDArray states = call(gru, codes.oneHot(letters));
        return new NDList(call(head, atTheEnd(states, lengths)));
    }

    /** The state after the last letter that is no padding: (N, T, H) and (N) give (N, H). */
    private static NDArray atTheEnd(NDArray states, NDArray lengths) {
        NDArray last = lengths.sub(1).reshape(-1, 1);
        NDArray chosen = last.oneHot((int) states.size(1)).reshape(states.size(0), states.size(1), 1);
        return states.mul(chosen).sum(new int[] {1});
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        return Adam.builder(parameters()).lr(0.01).build();
    }
}
