package io.github.lightning4j.data.internal;

import ai.djl.training.dataset.RandomAccessDataset;
import io.github.lightning4j.internal.torch.DatasetFields;

/** Hands settings to the constructor of a DJL dataset. DJL's own iteration, which we do not use, gets batches of 32 in order. */
public final class FieldsBuilder extends RandomAccessDataset.BaseBuilder<FieldsBuilder> {
    public FieldsBuilder(DatasetFields fields) {
        setSampling(32, false);
        optDataBatchifier(fields.dataBatchifier());
        optLabelBatchifier(fields.labelBatchifier());
        optPipeline(fields.pipeline());
        optTargetPipeline(fields.targetPipeline());
    }

    @Override
    protected FieldsBuilder self() {
        return this;
    }
}
