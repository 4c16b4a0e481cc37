package io.github.lightning4j.data.internal;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.translate.Pipeline;
import io.github.lightning4j.DataException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The steps by which one sample is read: get, transform, augment. A failure is put down to its step. */
record SampleSteps(RandomAccessDataset dataset, Arrivals arrivals, NDManager owner, long index) {
    /** What is handed to the batchifiers. */
    record Sample(NDList data, NDList labels) {}

    Sample run(@Nullable Pipeline pipeline, Augmentation augmentation) {
        Sample sample = get();
        NDList data = pipeline == null ? sample.data() : transform(pipeline, sample.data());
        return new Sample(augment(augmentation, data, sample.labels()), sample.labels());
    }

    private Sample get() {
        try {
            @Nullable Record got = dataset.get(owner, index);
            if (got == null) {
                throw new DataException("get(manager, index) returned null in place of a Record");
            }
            NDList labels = got.getLabels() == null ? new NDList() : got.getLabels();
            return new Sample(
                    arrivals.adopt(owner, got.getData(), "get(manager, index)"),
                    arrivals.adopt(owner, labels, "get(manager, index)"));
        } catch (IOException | RuntimeException e) {
            throw new DataException(
                    "Sample " + place() + " could not be loaded: " + Failures.text(e)
                            + ". Its get(manager, index) alone repeats this",
                    e);
        }
    }

    private NDList transform(Pipeline pipeline, NDList data) {
        try {
            return arrivals.adopt(owner, pipeline.transform(data), "A transform");
        } catch (RuntimeException e) {
            throw new DataException(
                    "Sample " + place() + " could not be transformed, in " + Failures.transform(e) + ": "
                            + Failures.text(e),
                    e);
        }
    }

    private NDList augment(Augmentation augmentation, NDList data, NDList labels) {
        try {
            return arrivals.adopt(owner, augmentation.apply(data, labels, index), "An augmentation");
        } catch (RuntimeException e) {
            throw new DataException("Sample " + place() + " could not be augmented: " + Failures.text(e), e);
        }
    }

    private String place() {
        return dataset instanceof Subset subset ? subset.origin(index) : Subset.place(dataset, index);
    }
}
