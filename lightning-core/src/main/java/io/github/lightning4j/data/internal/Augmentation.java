package io.github.lightning4j.data.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Seeds.Purpose;
import io.github.lightning4j.data.augment.SampleTransform;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.random.SplitMix64;
import java.util.List;
import java.util.Objects;

/** Random changes to samples during one epoch, each a function of (seed, epoch, sample) alone. */
public record Augmentation(List<SampleTransform> transforms, Seeds seeds, long epoch) {
    /** Changes the first data array of a sample; it leaves the dataset's own memory alone, and the labels. */
    NDList apply(NDList data, NDList labels, long sample) {
        if (transforms.isEmpty() || data.isEmpty()) {
            return data;
        }
        SplitMix64 random = new SplitMix64(seeds.of(Purpose.AUGMENT, epoch, sample));
        NDArray original = data.head();
        NDArray changed = original.duplicate();
        if (labels.stream().noneMatch(label -> label == original)) {
            original.close();
        }
        for (SampleTransform transform : transforms) {
            changed = apply(transform, changed, random);
        }
        NDList result = new NDList(data);
        result.set(0, changed);
        return result;
    }

    private static NDArray apply(SampleTransform transform, NDArray sample, SplitMix64 random) {
        Shape shape = sample.getShape();
        try {
            return Objects.requireNonNull(transform.apply(sample, random), "it returned null");
        } catch (RuntimeException e) {
            throw new DataException(
                    ClassName.of(transform) + " failed on an array of shape " + shape + ": " + Failures.text(e), e);
        }
    }
}
