package io.github.lightning4j.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.SGD;
import org.jspecify.annotations.Nullable;

/** The smallest module that learns: one linear layer, drawn towards the labels by SGD. Logs its losses. */
public class BoringModule extends LightningModule {
    public final Block layer =
            addChildBlock("layer", Linear.builder().setUnits(TestData.TARGETS).build());

    @Override
    public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
        NDArray loss = loss(batch);
        log("train_loss", loss);
        return loss;
    }

    @Override
    public void validationStep(Batch batch, int batchIndex) {
        log("val_loss", loss(batch));
    }

    @Override
    public void testStep(Batch batch, int batchIndex) {
        log("test_loss", loss(batch));
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        return SGD.builder(parameters()).lr(0.1).build();
    }

    protected NDArray loss(Batch batch) {
        return Losses.mse(call(layer, batch.getData()).head(), batch.getLabels().head());
    }
}
