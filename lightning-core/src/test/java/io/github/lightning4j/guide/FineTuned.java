package io.github.lightning4j.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.init.TorchInitializer;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.optim.Adam;
import java.util.Map;

public final class FineTuned extends LightningModule {
    private final Block backbone = addChildBlock("backbone", backbone(), new Shape(1, 8));
    private final Block head;

    public FineTuned(int classes) {
        Block linear =
                TorchInitializer.applyTo(Linear.builder().setUnits(classes).build());
        head = addChildBlock("head", linear, new Shape(1, 16));
        freeze(backbone);
    }

    @Override
    public NDArray trainingStep(Batch batch, int batchIndex) {
        NDArray logits = forward(batch.getData()).head();
        return Losses.crossEntropy(logits, batch.getLabels().head());
    }

    @Override
    public NDList forward(NDList inputs) {
        return call(head, call(backbone, inputs));
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        return Adam.builder(head.getParameters()).lr(1e-2).build();
    }

    @Override
    public void onTrainEpochStart() {
        if (run().epoch() == 2) {
            unfreeze(backbone);
            optimizers().get(0).addParamGroup("backbone", backbone.getParameters(), Map.of("lr", 1e-3));
        }
    }

    static Block backbone() {
        SequentialBlock block = new SequentialBlock()
                .add(Linear.builder().setUnits(16).build())
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(Dropout.builder().optRate(0.2f).build());
        return TorchInitializer.applyTo(block);
    }

    Block layers() {
        return backbone;
    }
}
