package io.github.lightning4j.data.internal;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.translate.Batchifier;
import ai.djl.translate.PaddingStackBatchifier;
import io.github.lightning4j.DataException;
import io.github.lightning4j.data.internal.SampleSteps.Sample;
import io.github.lightning4j.internal.torch.DatasetFields;
import java.util.List;

/** Reads samples one by one and joins them, in the order of DJL: get, transform, batchify, transform the labels. */
public final class SampleReader implements BatchReader {
    private final RandomAccessDataset dataset;
    private final DatasetFields fields;
    private final Augmentation augmentation;

    public SampleReader(RandomAccessDataset dataset, DatasetFields fields, Augmentation augmentation) {
        this.dataset = dataset;
        this.fields = fields;
        this.augmentation = augmentation;
    }

    @Override
    public Batch read(NDManager manager, Selection selection) {
        NDList[] data = new NDList[selection.size()];
        NDList[] labels = new NDList[selection.size()];
        try (Arrivals arrivals = new Arrivals();
                NDManager samples = manager.newSubManager()) {
            for (int i = 0; i < data.length; i++) {
                Sample sample = new SampleSteps(
                                dataset, arrivals, samples, selection.indices().at(i))
                        .run(fields.pipeline(), augmentation);
                data[i] = sample.data();
                labels[i] = sample.labels();
            }
            NDList joined = join(fields.dataBatchifier(), data, selection);
            NDList joinedLabels = transformLabels(join(fields.labelBatchifier(), labels, selection), selection);
            return Batches.of(
                    manager,
                    arrivals.adopt(manager, joined, "A batchifier"),
                    arrivals.adopt(manager, joinedLabels, "A batchifier or a transform of the labels"),
                    fields,
                    selection);
        }
    }

    private NDList join(Batchifier batchifier, NDList[] samples, Selection selection) {
        try {
            return batchifier.batchify(samples);
        } catch (RuntimeException e) {
            throw new DataException(
                    "Samples " + selection.sample() + " of "
                            + dataset.getClass().getName() + " do not make a batch: " + e + ". "
                            + remedy(batchifier, samples[0]),
                    e);
        }
    }

    private static String remedy(Batchifier batchifier, NDList first) {
        return batchifier instanceof PaddingStackBatchifier
                ? "addPad(array, axis, ...) counts the arrays of a sample and their axes from 0 and names every array and"
                        + " axis that differs; here a sample has arrays of the shapes " + List.of(first.getShapes())
                : "Give samples of one shape and dtype, or collate(...) a Batchifier that pads";
    }

    private NDList transformLabels(NDList labels, Selection selection) {
        if (fields.targetPipeline() == null) {
            return labels;
        }
        try {
            return fields.targetPipeline().transform(labels);
        } catch (RuntimeException e) {
            throw new DataException(
                    "The labels of samples " + selection.sample() + " of "
                            + dataset.getClass().getName() + " could not be transformed, in " + Failures.transform(e)
                            + ": " + Failures.text(e),
                    e);
        }
    }
}
