package io.github.lightning4j.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.dataset.Batch;
import ai.djl.training.initializer.Initializer;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.optim.SGD;
import org.jspecify.annotations.Nullable;

/** One number w that starts at 0; the loss is the mean of w times the data, so that its gradient is the data's mean. */
public class WeightModule extends LightningModule {
    public final Parameter weight = addParameter(Parameter.builder()
            .setName("w")
            .setType(Parameter.Type.WEIGHT)
            .optShape(new Shape(1))
            .optInitializer(Initializer.ZEROS)
            .build());

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {}

    @Override
    public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
        return loss(batch);
    }

    @Override
    public void validationStep(Batch batch, int batchIndex) {}

    @Override
    public OptimizerConfig configureOptimizers() {
        return SGD.builder(parameters()).lr(1).build();
    }

    protected NDArray loss(Batch batch) {
        return batch.getData().head().mul(weight.getArray()).mean();
    }

    /** The gradient as it is now. */
    public double gradient() {
        try (NDArray gradient = weight.getArray().getGradient()) {
            return gradient.getFloat();
        }
    }

    /** The weight as it is now. */
    public double value() {
        return weight.getArray().getFloat();
    }
}
