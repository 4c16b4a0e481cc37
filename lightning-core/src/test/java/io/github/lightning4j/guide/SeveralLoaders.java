package io.github.lightning4j.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.optim.Adam;
import java.util.List;

/** Two inputs, two labels, judged on two loaders. */
public final class SeveralLoaders extends LightningModule {
    private final Block classes = addChildBlock("classes", linear(2), new Shape(1, 5));
    private final Block value = addChildBlock("value", linear(1), new Shape(1, 5));

    private final List<Accuracy> accuracies =
            List.of(metric("clean_acc", new Accuracy(2)), metric("noisy_acc", new Accuracy(2)));

    @Override
    public NDList forward(NDList inputs) {
        NDArray both = inputs.get(0).concat(inputs.get(1), 1);
        return new NDList(call(classes, both), call(value, both));
    }

    @Override
    public NDArray trainingStep(Batch batch, int batchIndex) {
        NDList outputs = forward(batch.getData());
        NDArray ofClass = Losses.crossEntropy(outputs.get(0), batch.getLabels().get(0));
        NDArray ofValue = Losses.mse(outputs.get(1), batch.getLabels().get(1));
        return ofClass.add(ofValue);
    }

    @Override
    public void validationStep(Batch batch, int batchIndex, int loaderIndex) {
        NDArray logits = forward(batch.getData()).get(0);
        Accuracy accuracy = accuracies.get(loaderIndex);
        accuracy.update(logits, batch.getLabels().get(0));
        log("val_acc", accuracy);
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        return Adam.builder(parameters()).lr(0.01).build();
    }

    private static Block linear(int units) {
        return Linear.builder().setUnits(units).build();
    }
}
