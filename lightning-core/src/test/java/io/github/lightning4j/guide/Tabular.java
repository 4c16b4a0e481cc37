package io.github.lightning4j.guide;

import ai.djl.modality.nlp.Vocabulary;
import ai.djl.modality.nlp.embedding.TrainableWordEmbedding;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.transformer.IdEmbedding;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.init.TorchInitializer;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.optim.Adam;

public final class Tabular extends LightningModule {
    private final Block city;
    private final Block month;
    private final Block net;
    private final Accuracy accuracy = metric("val_acc", new Accuracy(2));

    public Tabular(int numbers, Vocabulary cities, int months) {
        city = addChildBlock("city", new TrainableWordEmbedding(cities, 4), new Shape(1));
        month = addChildBlock(
                "month",
                new IdEmbedding.Builder()
                        .setDictionarySize(months)
                        .setEmbeddingSize(3)
                        .build(),
                new Shape(1));
        net = addChildBlock("net", net(), new Shape(1, numbers + 4 + 3));
        TorchInitializer.applyTo(city);
        TorchInitializer.applyTo(month);
    }

    @Override
    public NDList forward(NDList inputs) {
        NDArray numbers = inputs.get(0);
        NDArray categories = inputs.get(1);
        NDArray ofCity = call(city, categories.get(":, 0"));
        NDArray ofMonth = call(month, categories.get(":, 1"));
        return new NDList(call(net, NDArrays.concat(new NDList(numbers, ofCity, ofMonth), 1)));
    }

    @Override
    public NDArray trainingStep(Batch batch, int batchIndex) {
        NDArray logits = forward(batch.getData()).head();
        NDArray loss = Losses.crossEntropy(logits, batch.getLabels().head());
        log("train_loss", loss);
        return loss;
    }

    @Override
    public void validationStep(Batch batch, int batchIndex) {
        NDArray logits = forward(batch.getData()).head();
        accuracy.update(logits, batch.getLabels().head());
        log("val_acc", accuracy);
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        return Adam.builder(parameters()).lr(0.01).build();
    }

    private static Block net() {
        SequentialBlock block = new SequentialBlock()
                .add(Linear.builder().setUnits(32).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(2).build());
        return TorchInitializer.applyTo(block);
    }
}
